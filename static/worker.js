// Holds the streams of all windows of this browser: it allows a server six connections, and a window needs some to live.
import { Streams } from "./stream.js";

const streams = new Streams();
onconnect = ({ ports: [port] }) => {
  let leave = () => {};
  port.onmessage = ({ data }) => {
    leave();
    leave = data ? streams.join(data.url, data.at, (said) => port.postMessage(said)) : () => {};
  };
};
