package modules

import (
	"bytes"
	"crypto/sha256"
	"encoding/gob"
	"fmt"
	"os"
	"path/filepath"

	"github.com/waslrun/wasl/modules/internal/meter"
	"github.com/waslrun/wasl/modules/internal/state"
)

// keptPreparation is a prepared binary as the cache on disk keeps it, so that a
// new process neither inspects nor rewrites what another one has.
type keptPreparation struct {
	Report Report
	Layout state.Layout
	Binary []byte
	Origin origin
}

// keptVersion changes whenever keptPreparation does.
const keptVersion = "2"

// preparedPath is where the preparation of a binary is kept: its name has
// everything in it that the result depends on, but for what the host provides.
func (s *Store) preparedPath(binary []byte, entry string, limits Limits) string {
	if s.opts.CacheDir == "" {
		return ""
	}
	key := fmt.Sprintf("%s %s %x %q %d %d %t %+v", keptVersion, meter.Version, sha256.Sum256(binary), entry, limits.Memory, limits.Table, s.opts.NoMetering, *s.bounds())
	return filepath.Join(s.opts.CacheDir, "prepared", fmt.Sprintf("%x", sha256.Sum256([]byte(key))))
}

// prepare inspects a binary and rewrites it, or finds that this was done.
func (s *Store) prepare(binary []byte, entry string, limits Limits) (*prepared, error) {
	path := s.preparedPath(binary, entry, limits)
	if p := s.loadPrepared(path); p != nil {
		return p, nil
	}
	p, err := s.prepareAnew(binary, entry, limits)
	if err != nil || path == "" {
		return p, err
	}
	// A cache that cannot be written to costs time and nothing else.
	var buf bytes.Buffer
	if gob.NewEncoder(&buf).Encode(keptPreparation{p.report, *p.layout, p.binary, p.origin}) == nil &&
		os.MkdirAll(filepath.Dir(path), 0o700) == nil {
		_ = writeFileAtomically(path, buf.Bytes())
	}
	return p, nil
}

// loadPrepared gives nil when there is nothing that serves.
func (s *Store) loadPrepared(path string) *prepared {
	if path == "" {
		return nil
	}
	raw, err := os.ReadFile(path)
	if err != nil {
		return nil
	}
	var kept keptPreparation
	if gob.NewDecoder(bytes.NewReader(raw)).Decode(&kept) != nil {
		return nil
	}
	for _, im := range kept.Report.Imports {
		if have, ok, _ := s.provider.lookup(im.Module, im.Name); !ok || have.String() != im.Signature {
			return nil // another host: let the inspection say what is amiss
		}
	}
	return &prepared{report: kept.Report, layout: &kept.Layout, binary: kept.Binary, origin: kept.Origin}
}
