package restante

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"time"
)

// client speaks HTTP with one Restante.
type client struct {
	root  string
	http  *http.Client
	child *child
}

// callMax is how long a call may take beside what it waits for.
const callMax = 30 * time.Second

// heldMax is the server's: it refuses a longer wait at once.
const heldMax = 300 * time.Second

func newClient(root string) *client {
	transport := http.DefaultTransport.(*http.Transport).Clone()
	// As many waits at once as there are tests, and their connections stay for the next.
	transport.MaxIdleConns, transport.MaxIdleConnsPerHost, transport.MaxConnsPerHost = 0, 128, 0
	return &client{root: root, http: &http.Client{Transport: transport}}
}

type request struct {
	method string
	path   string
	body   []byte
	kind   string
	held   time.Duration
	// isSafe tells that it may be asked twice, though it is a POST.
	isSafe bool
}

type response struct {
	status int
	kind   string
	body   []byte
}

func (r *response) read(into any) error {
	return json.Unmarshal(r.body, into)
}

// call asks, and answers what came with a status of success; all else is an error.
func (c *client) call(ctx context.Context, asked request) (*response, error) {
	held := asked.held
	if held > heldMax {
		held = heldMax
	}
	limited, cancel := context.WithTimeout(ctx, held+callMax)
	defer cancel()
	method := asked.method
	if method == "" {
		method = http.MethodGet
	}
	wire, err := http.NewRequestWithContext(limited, method, c.root+asked.path, bytes.NewReader(asked.body))
	if err != nil {
		return nil, err
	}
	if asked.isSafe || method != http.MethodPost {
		// A connection that the server closes just now is no answer. Empty, this is not sent, and net/http asks once more.
		wire.Header["Idempotency-Key"] = nil
	}
	if asked.kind != "" {
		wire.Header.Set("Content-Type", asked.kind)
	}
	got, err := c.http.Do(wire)
	if err != nil {
		return nil, c.unreachable(ctx, err)
	}
	defer got.Body.Close()
	body, err := io.ReadAll(got.Body)
	if err != nil {
		return nil, c.unreachable(ctx, err)
	}
	answer := &response{status: got.StatusCode, kind: got.Header.Get("Content-Type"), body: body}
	if got.StatusCode/100 != 2 {
		return nil, answer.problem(method + " " + c.root + asked.path)
	}
	return answer, nil
}

// unreachable tells an end of the caller's context from a server that is not there.
func (c *client) unreachable(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return fmt.Errorf("restante: %w before an answer came", ctx.Err())
	}
	reason := err
	for errors.Unwrap(reason) != nil {
		reason = errors.Unwrap(reason)
	}
	if timeout, is := err.(net.Error); is && timeout.Timeout() {
		reason = errors.New("it took too long")
	} else if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		reason = errors.New("the connection broke off")
	}
	gone := &UnreachableError{URL: c.root, Reason: reason}
	if c.child != nil && c.child.hasEnded() {
		gone.ended = fmt.Sprintf("The Restante at %s, which this process started, %s", c.root, c.child.end())
	}
	return gone
}

// problem reads RFC 9457's "detail", or the plain text of the calls that are Mailpit's.
func (r *response) problem(call string) error {
	var problem struct {
		Type, Detail string
	}
	if strings.HasPrefix(r.kind, "application/problem+json") && r.read(&problem) == nil && problem.Detail != "" {
		switch name := problem.Type[strings.LastIndex(problem.Type, "/")+1:]; {
		case name == "wait-timed-out" || name == "wait-too-many":
			return waitError(r, problem.Detail)
		case r.status == http.StatusBadRequest:
			return &QuestionError{Detail: problem.Detail}
		}
		return &ResponseError{Status: r.status, Body: problem.Detail, call: call, sentence: true}
	}
	if r.status == http.StatusBadRequest && len(r.body) > 0 {
		return &QuestionError{Detail: strings.TrimSpace(string(r.body))}
	}
	return &ResponseError{Status: r.status, Body: strings.TrimSpace(string(r.body)), call: call}
}
