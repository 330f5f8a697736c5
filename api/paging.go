package api

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"slices"
	"strings"
)

// defaultPage is how many items a page has when the request does not say.
const defaultPage = 100

// pager makes and reads page tokens. A token holds where the next page starts
// and is bound, by a keyed hash, to the listing that it came from: a token of
// another listing, a changed one or an invented one is an InvalidToken.
type pager struct{ key []byte }

// macLen is the length of the hash in a token. Tokens give no access to
// anything, so half of SHA-256 is plenty.
const macLen = 16

func (p pager) mac(listing, cursor string) []byte {
	h := hmac.New(sha256.New, p.key)
	h.Write([]byte(listing + "\x00" + cursor))
	return h.Sum(nil)[:macLen]
}

// token makes the token for what follows cursor.
func (p pager) token(listing, cursor string) string {
	return base64.RawURLEncoding.EncodeToString(append(p.mac(listing, cursor), cursor...))
}

// cursor reads a token; nil is the start and gives "".
func (p pager) cursor(listing string, token *string) (string, error) {
	if token == nil {
		return "", nil
	}
	raw, err := base64.RawURLEncoding.DecodeString(*token)
	if err != nil || len(raw) <= macLen {
		return "", invalidToken()
	}
	cursor := string(raw[macLen:])
	if !hmac.Equal(raw[:macLen], p.mac(listing, cursor)) {
		return "", invalidToken()
	}
	return cursor, nil
}

// listing describes a paged answer.
type listing struct {
	name  string // the operation and what it is filtered by
	max   int32  // items a page; 0 is the default
	token *string
	// newestFirst turns the order round.
	newestFirst bool
}

// page sorts items by their keys, which are unique and stay as they are, and
// gives one page of them with the token of the next.
func page[T any](p pager, l listing, items []T, key func(T) string) ([]T, *string, error) {
	after, err := p.cursor(l.name, l.token)
	if err != nil {
		return nil, nil, err
	}
	compare := func(a, b string) int {
		if l.newestFirst {
			return strings.Compare(b, a)
		}
		return strings.Compare(a, b)
	}
	if l.token != nil {
		items = slices.DeleteFunc(items, func(t T) bool { return compare(key(t), after) <= 0 })
	}
	slices.SortFunc(items, func(a, b T) int { return compare(key(a), key(b)) })
	size := int(l.max)
	if size == 0 {
		size = defaultPage
	}
	if items == nil {
		items = []T{}
	}
	if len(items) <= size {
		return items, nil, nil
	}
	next := p.token(l.name, key(items[size-1]))
	return items[:size], &next, nil
}
