// thumbnail decodes one PNG, JPEG or GIF of the bucket "images" and stores it,
// scaled down, as a PNG in the bucket "thumbnails". Decoders are what people
// sandbox: a hostile file can exhaust or crash this instance and no other.
package main

import (
	"bytes"
	"context"
	"image"
	_ "image/gif"
	_ "image/jpeg"
	"image/png"

	"golang.org/x/image/draw"

	wasl "github.com/waslrun/wasl/sdk/go"
)

type request struct {
	Key  string `json:"key"`
	Size int    `json:"size"`
}

type result struct {
	Key       string `json:"key"`
	Format    string `json:"format"`
	Width     int    `json:"width"`
	Height    int    `json:"height"`
	Thumbnail string `json:"thumbnail"`
}

var _ = wasl.Handle(func(ctx context.Context, in request) (result, error) {
	body, err := wasl.Storage("images").Get(ctx, in.Key)
	if err != nil {
		return result{}, err
	}
	picture, format, err := image.Decode(bytes.NewReader(body))
	if err != nil {
		return result{}, &wasl.Error{Name: "BadImage", Cause: err.Error()}
	}
	size := picture.Bounds().Size()
	out := result{Key: in.Key, Format: format, Width: size.X, Height: size.Y, Thumbnail: in.Key + ".png"}
	var encoded bytes.Buffer
	if err := png.Encode(&encoded, scale(picture, in.Size)); err != nil {
		return result{}, err
	}
	return out, wasl.Storage("thumbnails").Put(ctx, out.Thumbnail, encoded.Bytes())
})

// scale fits a picture into a square, keeping its shape; small ones stay as they are.
func scale(picture image.Image, side int) image.Image {
	from := picture.Bounds()
	longest := max(from.Dx(), from.Dy(), 1)
	if longest <= side {
		return picture
	}
	to := image.NewRGBA(image.Rect(0, 0, max(1, from.Dx()*side/longest), max(1, from.Dy()*side/longest)))
	draw.ApproxBiLinear.Scale(to, to.Bounds(), picture, from, draw.Src, nil)
	return to
}

func main() {}
