// Verify a whole log directory (C2SP tlog-tiles) with Go's own tlog packages and nothing of ours:
// the checkpoint's Ed25519 signature, every hash tile against the root, every entry against its tile.
//
//	verify_log DIRECTORY VKEY
//
// Exit status 0: verified. 1: something does not verify, and the tile or entry is named. 2: bad arguments.
//
// It needs Debian's golang-go and golang-golang-x-mod-dev, and builds without a network:
//
//	GO111MODULE=off GOPROXY=off GOPATH=/tmp/go:/usr/share/gocode go build -o /tmp/verify_log verify_log.go
package main

import (
	"encoding/binary"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

const height = 8

func main() {
	if len(os.Args) != 3 {
		fmt.Fprintln(os.Stderr, "usage: verify_log DIRECTORY VKEY")
		os.Exit(2)
	}
	size, err := verify(os.Args[1], os.Args[2])
	if err != nil {
		fmt.Fprintln(os.Stderr, "FAILED", err)
		os.Exit(1)
	}
	fmt.Println("verified", size, "entries")
}

func verify(directory, vkey string) (int64, error) {
	tree, err := readCheckpoint(directory, vkey)
	if err != nil {
		return 0, err
	}
	// The reader checks each tile it gives out against the signed root.
	hashes := tlog.TileHashReader(tree, reader(directory))
	for start := int64(0); start < tree.N; start += 1 << height {
		end := start + 1<<height
		if end > tree.N {
			end = tree.N
		}
		if err := verifyBundle(directory, hashes, start, end); err != nil {
			return 0, err
		}
	}
	root, err := tlog.TreeHash(tree.N, hashes)
	if err != nil {
		return 0, err
	}
	if root != tree.Hash {
		return 0, fmt.Errorf("the tiles give another root")
	}
	return tree.N, nil
}

func readCheckpoint(directory, vkey string) (tlog.Tree, error) {
	verifier, err := note.NewVerifier(vkey)
	if err != nil {
		return tlog.Tree{}, err
	}
	data, err := os.ReadFile(filepath.Join(directory, "checkpoint"))
	if err != nil {
		return tlog.Tree{}, err
	}
	opened, err := note.Open(data, note.VerifierList(verifier))
	if err != nil {
		return tlog.Tree{}, fmt.Errorf("checkpoint: %w", err)
	}
	lines := strings.Split(opened.Text, "\n")
	if len(lines) < 4 || lines[0] != verifier.Name() {
		return tlog.Tree{}, fmt.Errorf("checkpoint: not one of the log %s", verifier.Name())
	}
	size, err := strconv.ParseInt(lines[1], 10, 64)
	if err != nil {
		return tlog.Tree{}, fmt.Errorf("checkpoint: %w", err)
	}
	hash, err := tlog.ParseHash(lines[2])
	if err != nil {
		return tlog.Tree{}, fmt.Errorf("checkpoint: %w", err)
	}
	return tlog.Tree{N: size, Hash: hash}, nil
}

func verifyBundle(directory string, hashes tlog.HashReader, start, end int64) error {
	width := int(end - start)
	path := tlog.Tile{H: height, L: 0, N: start >> height, W: width}.Path()
	path = "tile/entries/" + strings.TrimPrefix(path, "tile/8/0/")
	entries, err := readBundle(filepath.Join(directory, path), width)
	if err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	indexes := make([]int64, width)
	for i := range indexes {
		indexes[i] = tlog.StoredHashIndex(0, start+int64(i))
	}
	found, err := hashes.ReadHashes(indexes)
	if err != nil {
		return fmt.Errorf("hash tiles over entries %d to %d: %w", start, end-1, err)
	}
	for i, entry := range entries {
		if tlog.RecordHash(entry) != found[i] {
			return fmt.Errorf("%s: entry %d is not the one in the tree", path, start+int64(i))
		}
	}
	return nil
}

func readBundle(path string, width int) ([][]byte, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	var entries [][]byte
	for len(data) > 0 {
		if len(data) < 2 || len(data) < 2+int(binary.BigEndian.Uint16(data)) {
			return nil, fmt.Errorf("cut short")
		}
		end := 2 + int(binary.BigEndian.Uint16(data))
		entries = append(entries, data[2:end])
		data = data[end:]
	}
	if len(entries) != width {
		return nil, fmt.Errorf("%d entries where %d belong", len(entries), width)
	}
	return entries, nil
}

// reader gives x/mod the tiles of a directory. Its paths name the height, those of tlog-tiles do not.
type reader string

func (r reader) Height() int { return height }

func (r reader) SaveTiles([]tlog.Tile, [][]byte) {}

func (r reader) ReadTiles(tiles []tlog.Tile) ([][]byte, error) {
	var all [][]byte
	for _, tile := range tiles {
		path := "tile/" + strings.TrimPrefix(tile.Path(), "tile/8/")
		data, err := os.ReadFile(filepath.Join(string(r), path))
		if err != nil {
			return nil, err
		}
		all = append(all, data)
	}
	return all, nil
}
