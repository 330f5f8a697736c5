// contact-sheet puts all thumbnails onto one picture, sheet/contact-sheet.png,
// and lists the images that could not be scaled.
package main

import (
	"bytes"
	"context"
	"image"
	"image/color"
	"image/png"

	"golang.org/x/image/draw"

	wasl "github.com/waslrun/wasl/sdk/go"
)

type scaled struct {
	Key       string `json:"key"`
	Thumbnail string `json:"thumbnail"`
	Error     string `json:"error"`
}

type request struct {
	Size    int      `json:"size"`
	Results []scaled `json:"results"`
}

type failure struct {
	Key   string `json:"key"`
	Error string `json:"error"`
}

type summary struct {
	Sheet  string    `json:"sheet"`
	Scaled int       `json:"scaled"`
	Failed []failure `json:"failed"`
}

const columns, gap = 8, 6

var _ = wasl.Handle(func(ctx context.Context, in request) (summary, error) {
	out := summary{Sheet: "contact-sheet.png", Failed: []failure{}}
	var good []scaled
	for _, r := range in.Results {
		if r.Thumbnail == "" {
			out.Failed = append(out.Failed, failure{r.Key, r.Error})
			continue
		}
		good = append(good, r)
	}
	sheet, err := compose(ctx, good, in.Size)
	if err != nil {
		return summary{}, err
	}
	out.Scaled = len(good)
	var encoded bytes.Buffer
	if err := png.Encode(&encoded, sheet); err != nil {
		return summary{}, err
	}
	return out, wasl.Storage("sheet").Put(ctx, out.Sheet, encoded.Bytes())
})

// compose draws the thumbnails into a grid, each in the middle of its cell.
func compose(ctx context.Context, all []scaled, size int) (*image.RGBA, error) {
	cell := size + gap
	rows := max(1, (len(all)+columns-1)/columns)
	sheet := image.NewRGBA(image.Rect(0, 0, columns*cell+gap, rows*cell+gap))
	draw.Draw(sheet, sheet.Bounds(), image.NewUniform(color.Gray{0xee}), image.Point{}, draw.Src)
	for i, r := range all {
		body, err := wasl.Storage("thumbnails").Get(ctx, r.Thumbnail)
		if err != nil {
			return nil, err
		}
		picture, err := png.Decode(bytes.NewReader(body))
		if err != nil {
			return nil, err
		}
		b := picture.Bounds()
		x := gap + i%columns*cell + (size-b.Dx())/2
		y := gap + i/columns*cell + (size-b.Dy())/2
		draw.Draw(sheet, image.Rect(x, y, x+b.Dx(), y+b.Dy()), picture, b.Min, draw.Over)
	}
	return sheet, nil
}

func main() {}
