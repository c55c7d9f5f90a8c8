package restante_test

import (
	"errors"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"testing"

	"github.com/restante/restante/clients/go"
)

// What "go test" prints of failing tests is compared with a text, literally but for what chance gives: UPDATE_GOLDEN=1
// writes it anew.
func TestWhatFailingLooksLike(t *testing.T) {
	t.Parallel()
	folder := project(t, "testdata/failing/signup_test.go", "replace github.com/restante/restante/clients/go => "+here(t)+"\n")
	output, err := goTest(folder, nil)
	if err == nil {
		t.Errorf("these tests are to fail")
	}
	golden(t, "failing.txt", normalised(output))
}

// A misspelt clause does not get as far as the server.
func TestWhatDoesNotCompile(t *testing.T) {
	t.Parallel()
	folder := project(t, "testdata/misspelt/signup_test.go", "replace github.com/restante/restante/clients/go => "+here(t)+"\n")
	output, err := goTest(folder, nil)
	if err == nil {
		t.Errorf("this is not to compile")
	}
	for _, line := range []string{"signup_test.go:11:31: undefined: restante.Subjct\n", "signup_test.go:12:38: int does not ", "signup_test.go:13:39: cannot use"} {
		if !strings.Contains(output, line) {
			t.Errorf("%q is not in:\n%s", line, output)
		}
	}
	// The words are those of one compiler.
	if strings.HasPrefix(runtime.Version(), "go1.19") {
		golden(t, "misspelt.txt", normalised(output))
	}
}

func TestNoServerIsASentence(t *testing.T) {
	t.Parallel()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	ok(t, err)
	address := "http://" + listener.Addr().String()
	ok(t, listener.Close())
	_, err = restante.Connect(background, address)
	equal(t, "sentence", err.Error(), "No Restante answers at "+address+": connection refused. Start one (\"restante\"), or say where it is in RESTANTE_URL.")
	var gone *restante.UnreachableError
	equal(t, "type", errors.As(err, &gone) && gone.URL == address, true)
	_, err = restante.Connect(background, "localhost:8025")
	equal(t, "no address", err != nil && strings.Contains(err.Error(), "write it like http://localhost:8025"), true)
}

// project is a module of its own with one test, in an empty folder.
func project(t *testing.T, test, more string) string {
	t.Helper()
	folder := t.TempDir()
	source, err := os.ReadFile(test)
	ok(t, err)
	ok(t, os.WriteFile(filepath.Join(folder, "signup_test.go"), source, 0o644))
	module := "module app.test/shop\n\ngo 1.19\n\nrequire github.com/restante/restante/clients/go v0.1.0\n\n" + more
	ok(t, os.WriteFile(filepath.Join(folder, "go.mod"), []byte(module), 0o644))
	return folder
}

func here(t *testing.T) string {
	t.Helper()
	folder, err := os.Getwd()
	ok(t, err)
	return folder
}

func goTest(folder string, environment []string, arguments ...string) (string, error) {
	command := exec.Command("go", append([]string{"test"}, arguments...)...)
	command.Dir = folder
	command.Env = append(append(os.Environ(), "GOPROXY=off", "GOSUMDB=off", "GOFLAGS=-mod=mod", "GOWORK=off"), environment...)
	output, err := command.CombinedOutput()
	return string(output), err
}

var chances = []struct {
	found *regexp.Regexp
	told  string
}{
	{regexp.MustCompile(`\(?\b\d+\.\d+s\)?`), "N s"},
	{regexp.MustCompile(`\d+\.\d s ago`), "N s ago"},
	{regexp.MustCompile(`-[a-z0-9]{8}"`), `-XXXXXXXX"`},
	{regexp.MustCompile(`127\.0\.0\.1:\d+`), "127.0.0.1:PORT"},
}

func normalised(output string) string {
	for _, chance := range chances {
		output = chance.found.ReplaceAllString(output, chance.told)
	}
	return output
}

func golden(t *testing.T, name, found string) {
	t.Helper()
	path := filepath.Join("testdata", "golden", name)
	if os.Getenv("UPDATE_GOLDEN") != "" {
		ok(t, os.WriteFile(path, []byte(found), 0o644))
		return
	}
	expected, err := os.ReadFile(path)
	ok(t, err)
	if found != string(expected) {
		t.Errorf("%s differs. Found:\n%s\nExpected:\n%s\nUPDATE_GOLDEN=1 writes it anew.", path, found, expected)
	}
}

// What the README shows of a failure is what is printed.
func TestTheReadmeShowsARealFailure(t *testing.T) {
	t.Parallel()
	readme, err := os.ReadFile("README.md")
	ok(t, err)
	printed, err := os.ReadFile(filepath.Join("testdata", "golden", "failing.txt"))
	ok(t, err)
	shown := regexp.MustCompile("(?s)```text\n(.*?)```").FindSubmatch(readme)
	if shown == nil || !strings.Contains(string(printed), string(shown[1])) {
		t.Errorf("the text of README.md is not in failing.txt")
	}
}

func TestWhatAMissingServerLooksLike(t *testing.T) {
	t.Parallel()
	folder := project(t, "testdata/using/signup_test.go", "replace github.com/restante/restante/clients/go => "+here(t)+"\n")
	output, err := goTest(folder, []string{"RESTANTE_URL=http://127.0.0.1:1"})
	if err == nil {
		t.Errorf("there is no server to pass by")
	}
	golden(t, "unreachable.txt", normalised(output))
}
