// Package shapes knows what AWS services answer, as far as the models say that
// AWS publishes for them, and holds mocked answers against it.
//
// The models' part that matters is in tables.zip, one table a service, in about
// a sixth of the models' size. services.txt names the services; the command in
// the folder derive makes the tables. A table is text (unzip -p tables.zip
// sqs.txt), and each line of it says what one name stands for:
//
//	SendMessage > SendMessageResult          an operation, and the shape of its answer
//	SendMessageResult {MessageId:string …}   a structure; NAME!SHAPE is required
//	TagList [Tag] 0..50                      a list, with how many elements it may have
//	TagMap <string>                          a map, of texts to texts
//	MemorySize integer 128..10240            a number with its least and its greatest value
//	KeyId string 1..2048 ~[a-z]+             a text with its length and its pattern
//	State string =Active|Failed              a text that is one of these
//
// The types of values are blob, boolean, double, float, integer, long, string,
// timestamp and any. A value that its model does not restrict is given by its
// type in place of a shape's name.
package shapes
