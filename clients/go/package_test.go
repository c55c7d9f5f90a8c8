package restante_test

import (
	"archive/zip"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const (
	module  = "github.com/restante/restante/clients/go"
	version = "v0.1.0"
)

// The module as a proxy serves it: its files are listed, and a project in an empty folder fetches it and tests with it.
func TestThePublishedModule(t *testing.T) {
	t.Parallel()
	proxy := t.TempDir()
	folder := filepath.Join(proxy, filepath.FromSlash(module), "@v")
	ok(t, os.MkdirAll(folder, 0o755))
	golden(t, "package.txt", strings.Join(pack(t, filepath.Join(folder, version+".zip")), "\n")+"\n")
	goMod, err := os.ReadFile("go.mod")
	ok(t, err)
	for name, content := range map[string]string{
		"list":            version + "\n",
		version + ".info": `{"Version":"` + version + `"}`,
		version + ".mod":  string(goMod),
	} {
		ok(t, os.WriteFile(filepath.Join(folder, name), []byte(content), 0o644))
	}
	project := project(t, "testdata/using/signup_test.go", "")
	cache := filepath.Join(proxy, "cache")
	output, err := goTest(project, []string{"GOPROXY=file://" + filepath.ToSlash(proxy), "GOMODCACHE=" + cache, "GOFLAGS=-mod=mod -modcacherw"}, "-v")
	if err != nil || !strings.Contains(output, "--- PASS: TestWelcome") {
		t.Errorf("%v\n%s", err, output)
	}
	sums, err := os.ReadFile(filepath.Join(project, "go.sum"))
	ok(t, err)
	equal(t, "nothing else was fetched", strings.Count(string(sums), "\n"), 2)
	_, err = os.Stat(filepath.Join(cache, filepath.FromSlash(module+"@"+version), "LICENSE-MIT"))
	ok(t, err)
}

// pack writes what a proxy makes of the folder: all files below it, but for modules of their own.
func pack(t *testing.T, path string) []string {
	t.Helper()
	file, err := os.Create(path)
	ok(t, err)
	archive := zip.NewWriter(file)
	var names []string
	ok(t, fs.WalkDir(os.DirFS("."), ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		names = append(names, name)
		content, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		into, err := archive.Create(module + "@" + version + "/" + name)
		if err != nil {
			return err
		}
		_, err = into.Write(content)
		return err
	}))
	ok(t, archive.Close())
	ok(t, file.Close())
	return names
}
