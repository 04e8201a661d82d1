// Verify a whole log directory (C2SP tlog-tiles) with Go's own note and tlog packages and nothing of ours:
// the checkpoint's Ed25519 signature, the root, every hash tile against the one above it, every entry against its tile.
//
//	verify_log DIRECTORY VKEY
//
// Exit status 0: verified. 1: something does not verify, and the tile or entry is named. 2: bad arguments.
//
// It needs Debian's golang-go and golang-golang-x-mod-dev, and builds without a network:
//
//	GO111MODULE=off GOPROXY=off GOPATH=$PWD:/usr/share/gocode go build -o verify_log verify_log.go
//
// It does not use tlog.TileHashReader: in x/mod 0.7.0 that leaves tiles unchecked when several subtrees of the right
// edge lie in one tile (it counts subtrees where it means tiles), as a test of ours found.
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
	if err := verifyRoot(directory, tree); err != nil {
		return 0, err
	}
	top := 0
	for tree.N>>(height*(top+1)) > 0 {
		top++
	}
	// From the top down, so that each tile is compared with one that is known to be right.
	for level := top - 1; level >= 0; level-- {
		for n := int64(0); n < tree.N>>(height*(level+1)); n++ {
			if err := verifyTile(directory, tree, level, n); err != nil {
				return 0, err
			}
		}
	}
	for n := int64(0); n<<height < tree.N; n++ {
		if err := verifyBundle(directory, tree, n); err != nil {
			return 0, err
		}
	}
	return tree.N, nil
}

// verifyRoot computes the root from the perfect subtrees that make up the log. They lie in the tiles of the right edge,
// partial ones among them, and no hash of a partial tile is left out.
func verifyRoot(directory string, tree tlog.Tree) error {
	reader := tlog.HashReaderFunc(func(indexes []int64) ([]tlog.Hash, error) {
		var found []tlog.Hash
		for _, index := range indexes {
			tile := tlog.TileForIndex(height, index)
			tile.W = width(tree, tile.L, tile.N)
			data, err := readTile(directory, tile)
			if err != nil {
				return nil, err
			}
			hash, err := tlog.HashFromTile(tile, data, index)
			if err != nil {
				return nil, err
			}
			found = append(found, hash)
		}
		return found, nil
	})
	root, err := tlog.TreeHash(tree.N, reader)
	if err != nil {
		return err
	}
	if root != tree.Hash {
		return fmt.Errorf("the tiles of the right edge give another root than the checkpoint")
	}
	return nil
}

func width(tree tlog.Tree, level int, n int64) int {
	if left := tree.N>>(height*level) - n<<height; left < 1<<height {
		return int(left)
	}
	return 1 << height
}

func tilePath(tile tlog.Tile) string {
	return "tile/" + strings.TrimPrefix(tile.Path(), "tile/8/")
}

func readTile(directory string, tile tlog.Tile) ([]byte, error) {
	data, err := os.ReadFile(filepath.Join(directory, tilePath(tile)))
	if err != nil {
		return nil, err
	}
	if len(data) != tile.W*tlog.HashSize {
		return nil, fmt.Errorf("%s: %d bytes where %d belong", tilePath(tile), len(data), tile.W*tlog.HashSize)
	}
	return data, nil
}

// verifyTile compares the root of a full tile with its hash in the tile above.
func verifyTile(directory string, tree tlog.Tree, level int, n int64) error {
	tile := tlog.Tile{H: height, L: level, N: n, W: 1 << height}
	data, err := readTile(directory, tile)
	if err != nil {
		return err
	}
	above := tlog.Tile{H: height, L: level + 1, N: n >> height, W: width(tree, level+1, n>>height)}
	parent, err := readTile(directory, above)
	if err != nil {
		return err
	}
	hashes := split(data)
	for len(hashes) > 1 {
		for i := 0; i < len(hashes)/2; i++ {
			hashes[i] = tlog.NodeHash(hashes[2*i], hashes[2*i+1])
		}
		hashes = hashes[:len(hashes)/2]
	}
	if hashes[0] != split(parent)[n&(1<<height-1)] {
		return fmt.Errorf("%s: not the tile that %s names", tilePath(tile), tilePath(above))
	}
	return nil
}

func split(data []byte) []tlog.Hash {
	hashes := make([]tlog.Hash, len(data)/tlog.HashSize)
	for i := range hashes {
		copy(hashes[i][:], data[i*tlog.HashSize:])
	}
	return hashes
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

func verifyBundle(directory string, tree tlog.Tree, n int64) error {
	tile := tlog.Tile{H: height, L: 0, N: n, W: width(tree, 0, n)}
	path := "tile/entries/" + strings.TrimPrefix(tilePath(tile), "tile/0/")
	entries, err := readBundle(filepath.Join(directory, path), tile.W)
	if err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	data, err := readTile(directory, tile)
	if err != nil {
		return err
	}
	for i, hash := range split(data) {
		if tlog.RecordHash(entries[i]) != hash {
			return fmt.Errorf("%s: entry %d is not the one in the tree", path, n<<height+int64(i))
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
