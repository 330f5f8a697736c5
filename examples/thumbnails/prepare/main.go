// prepare fills a folder with the images that every Go installation carries for
// its own tests, broken ones included, and adds a decompression bomb: a PNG of a
// few kilobytes that unpacks to a gigabyte.
package main

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"strings"
)

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: prepare FOLDER")
		os.Exit(2)
	}
	n, err := fill(os.Args[1])
	if err != nil {
		fmt.Fprintln(os.Stderr, "prepare:", err)
		os.Exit(1)
	}
	fmt.Fprintf(os.Stderr, "%d images in %s\n", n, os.Args[1])
}

func fill(folder string) (int, error) {
	root, err := exec.Command("go", "env", "GOROOT").Output()
	if err != nil {
		return 0, fmt.Errorf("asking go for GOROOT: %w", err)
	}
	if err := os.RemoveAll(folder); err != nil {
		return 0, err
	}
	n := 0
	image := os.DirFS(filepath.Join(strings.TrimSpace(string(root)), "src", "image"))
	err = fs.WalkDir(image, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || !isImage(name) {
			return err
		}
		body, err := fs.ReadFile(image, name)
		if err != nil {
			return err
		}
		n++
		return write(filepath.Join(folder, strings.ReplaceAll(path.Clean(name), "/testdata/", "/")), body)
	})
	if err != nil {
		return n, err
	}
	bomb, err := bomb(32768, 32768)
	if err != nil {
		return n, err
	}
	return n + 1, write(filepath.Join(folder, "bomb.png"), bomb)
}

func isImage(name string) bool {
	if !strings.Contains(name, "testdata/") {
		return false
	}
	switch path.Ext(name) {
	case ".png", ".jpeg", ".jpg", ".gif":
		return true
	}
	return false
}

func write(name string, body []byte) error {
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		return err
	}
	return os.WriteFile(name, body, 0o644)
}

// bomb makes a valid grey PNG of the given size that is all black.
func bomb(width, height uint32) ([]byte, error) {
	out := bytes.NewBufferString("\x89PNG\r\n\x1a\n")
	head := binary.BigEndian.AppendUint32(nil, width)
	head = binary.BigEndian.AppendUint32(head, height)
	chunk(out, "IHDR", append(head, 8, 0, 0, 0, 0)) // 8 bits, grey

	var packed bytes.Buffer
	z, err := zlib.NewWriterLevel(&packed, zlib.BestCompression)
	if err != nil {
		return nil, err
	}
	if _, err := io.CopyN(z, zeros{}, int64(width+1)*int64(height)); err != nil {
		return nil, err
	}
	if err := z.Close(); err != nil {
		return nil, err
	}
	chunk(out, "IDAT", packed.Bytes())
	chunk(out, "IEND", nil)
	return out.Bytes(), nil
}

func chunk(out *bytes.Buffer, name string, body []byte) {
	full := append([]byte(name), body...)
	out.Write(binary.BigEndian.AppendUint32(nil, uint32(len(body))))
	out.Write(full)
	out.Write(binary.BigEndian.AppendUint32(nil, crc32.ChecksumIEEE(full)))
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) {
	clear(p)
	return len(p), nil
}
