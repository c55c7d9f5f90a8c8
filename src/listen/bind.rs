//! Sockets, bound and not yet accepting: one port on one or several addresses.

use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, TcpListener};

use socket2::{Domain, Protocol, Socket, Type};

/// Both loopback addresses: `localhost` resolves to either.
pub const LOOPBACK: [IpAddr; 2] = [IpAddr::V4(Ipv4Addr::LOCALHOST), IpAddr::V6(Ipv6Addr::LOCALHOST)];

/// Connections that the kernel holds while we do not accept.
const BACKLOG: i32 = 1024;
/// A free port of the first address may be taken on the second: look again this often.
const FREE_PORT_TRIES: usize = 16;

/// Binds `port` on every address of `hosts` that this machine has. Port 0 is one free number, the same on all.
///
/// # Errors
/// The port cannot be had on one of the addresses, or this machine has none of them.
pub fn bind(hosts: &[IpAddr], port: u16) -> io::Result<Vec<TcpListener>> {
    let mut tries = if port == 0 { FREE_PORT_TRIES } else { 1 };
    loop {
        tries -= 1;
        match bind_all(hosts, port) {
            Err(error) if error.kind() == io::ErrorKind::AddrInUse && tries > 0 => {}
            done => return done,
        }
    }
}

fn bind_all(hosts: &[IpAddr], mut port: u16) -> io::Result<Vec<TcpListener>> {
    let mut bound = Vec::with_capacity(hosts.len());
    let mut missing = io::Error::from(io::ErrorKind::AddrNotAvailable);
    for &host in hosts {
        match bind_one(SocketAddr::new(host, port)) {
            Ok(listener) => {
                port = listener.local_addr()?.port();
                bound.push(listener);
            }
            // A machine without IPv6 (or IPv4) is not a fault: the other address is enough.
            Err(error) if is_missing_family(&error) && hosts.len() > 1 => missing = error,
            Err(error) => return Err(error),
        }
    }
    if bound.is_empty() { Err(missing) } else { Ok(bound) }
}

fn bind_one(address: SocketAddr) -> io::Result<TcpListener> {
    let socket = Socket::new(Domain::for_address(address), Type::STREAM, Some(Protocol::TCP))?;
    if address.is_ipv6() {
        // `::` would otherwise take the port of `0.0.0.0` too, or not, by the system's taste.
        socket.set_only_v6(true)?;
    }
    // A restart need not wait for old connections to be forgotten. On Windows the option would mean port sharing.
    #[cfg(unix)]
    socket.set_reuse_address(true)?;
    socket.set_nonblocking(true)?;
    socket.bind(&address.into())?;
    socket.listen(BACKLOG)?;
    Ok(socket.into())
}

fn is_missing_family(error: &io::Error) -> bool {
    const EAFNOSUPPORT: i32 = 97;
    error.kind() == io::ErrorKind::AddrNotAvailable
        || (cfg!(target_os = "linux") && error.raw_os_error() == Some(EAFNOSUPPORT))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_free_port_is_the_same_number_on_both_loopback_addresses() {
        let bound = bind(&LOOPBACK, 0).unwrap();
        let ports: std::collections::HashSet<_> =
            bound.iter().map(|listener| listener.local_addr().unwrap().port()).collect();
        assert_eq!(ports.len(), 1);
        let taken = bind(&LOOPBACK, *ports.iter().next().unwrap()).unwrap_err();
        assert_eq!(taken.kind(), io::ErrorKind::AddrInUse);
    }

    #[test]
    fn an_address_of_another_machine_is_an_error() {
        assert!(bind(&["192.0.2.1".parse().unwrap()], 0).is_err());
    }
}
