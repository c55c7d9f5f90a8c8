package restante

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// Start starts a Restante of its own on free ports, with these flags beside. It is the program that RESTANTE_BIN names, or
// else "restante" on PATH. The context counts until it is open. [Catcher.Close] stops it; so does the end of this process,
// however that comes.
func Start(ctx context.Context, flags ...string) (*Catcher, error) {
	program := os.Getenv("RESTANTE_BIN")
	if program == "" {
		program = "restante"
	}
	path, err := exec.LookPath(program)
	if err != nil {
		return nil, notFound(program, err)
	}
	child, opened, err := start(ctx, path, flags)
	if err != nil {
		return nil, err
	}
	smtp, err := opened.smtp()
	if err != nil {
		_ = child.stop()
		return nil, err
	}
	client := newClient(strings.TrimRight(opened.HTTP, "/"))
	client.child = child
	return &Catcher{view: &Mailbox{client: client, smtp: smtp}, child: child}, nil
}

func notFound(program string, err error) error {
	where := "RESTANTE_BIN is not set, and there is no \"restante\" on PATH"
	if os.Getenv("RESTANTE_BIN") != "" {
		reason := err
		for errors.Unwrap(reason) != nil {
			reason = errors.Unwrap(reason)
		}
		where = fmt.Sprintf("RESTANTE_BIN is %q: %v", program, reason)
	}
	return fmt.Errorf("No Restante can be started: %s. Install it, say where the program is in RESTANTE_BIN, "+
		"or name one that runs in RESTANTE_URL.", where)
}

// child is a Restante that this process started. It stops when its standard input ends.
type child struct {
	command *exec.Cmd
	stdin   io.Closer
	said    *tail
	ended   chan struct{}
	once    sync.Once
	closed  atomic.Bool
}

// opened is the one line that an attached Restante prints.
type opened struct {
	HTTP string
	SMTP []struct {
		Host string
		Port int
		TLS  string
	}
}

func (o opened) smtp() (SMTP, error) {
	for _, tls := range []string{"none", "starttls", "implicit"} {
		for _, door := range o.SMTP {
			if door.TLS == tls {
				return SMTP{Host: door.Host, Port: door.Port}, nil
			}
		}
	}
	return SMTP{}, errors.New("the Restante that was started has no door for SMTP; leave one open")
}

func start(ctx context.Context, path string, flags []string) (*child, opened, error) {
	command := exec.Command(path, append([]string{"--attached"}, flags...)...)
	said := &tail{}
	// Not this process's own: "go test" waits for everyone who holds its output.
	command.Stderr = said
	stdin, err := command.StdinPipe()
	if err != nil {
		return nil, opened{}, err
	}
	stdout, err := command.StdoutPipe()
	if err != nil {
		return nil, opened{}, err
	}
	if err := command.Start(); err != nil {
		return nil, opened{}, notFound(path, err)
	}
	child := &child{command: command, stdin: stdin, said: said, ended: make(chan struct{})}
	lines := make(chan string, 1)
	go func() {
		reader := bufio.NewReader(stdout)
		line, _ := reader.ReadString('\n')
		lines <- line
		_, _ = io.Copy(io.Discard, reader)
		_ = command.Wait()
		close(child.ended)
	}()
	select {
	case line := <-lines:
		var opened opened
		if err := json.Unmarshal([]byte(line), &opened); err != nil || opened.HTTP == "" {
			_ = child.stop()
			return nil, opened, fmt.Errorf("%s did not say where it is. %s", path, child.account(line))
		}
		return child, opened, nil
	case <-ctx.Done():
		_ = command.Process.Kill()
		return nil, opened{}, fmt.Errorf("%s did not open in time: %w. %s", path, ctx.Err(), said)
	}
}

// account is what a child that has ended left behind.
func (c *child) account(line string) string {
	<-c.ended
	words := strings.TrimSpace(line + c.said.String())
	if words == "" {
		words = "It printed nothing."
	}
	return fmt.Sprintf("It ended with %s:\n%s", c.command.ProcessState, words)
}

// end says why it runs no more.
func (c *child) end() string {
	if c.closed.Load() {
		return "was closed before this."
	}
	return "runs no more. " + c.account("")
}

// stop ends its standard input, and kills it if it does not go: it gives messages that are under way five seconds.
func (c *child) stop() error {
	c.once.Do(func() {
		c.closed.Store(true)
		_ = c.stdin.Close()
		select {
		case <-c.ended:
		case <-time.After(10 * time.Second):
			_ = c.command.Process.Kill()
			<-c.ended
		}
	})
	return nil
}

// hasEnded says whether it runs no more, though nobody stopped it perhaps.
func (c *child) hasEnded() bool {
	select {
	case <-c.ended:
		return true
	default:
		return false
	}
}

// tail keeps the last of what a child says: its log is long, and its last sentence counts.
type tail struct {
	mutex sync.Mutex
	bytes []byte
}

const tailMax = 4096

func (t *tail) Write(more []byte) (int, error) {
	t.mutex.Lock()
	defer t.mutex.Unlock()
	t.bytes = append(t.bytes, more...)
	if over := len(t.bytes) - tailMax; over > 0 {
		t.bytes = append([]byte(nil), t.bytes[over:]...)
	}
	return len(more), nil
}

func (t *tail) String() string {
	t.mutex.Lock()
	defer t.mutex.Unlock()
	return strings.TrimSpace(string(t.bytes))
}
