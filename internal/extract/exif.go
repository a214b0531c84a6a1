package extract

import (
	"bytes"
	"encoding/binary"
)

// orientation finds the EXIF orientation in the head of a JPEG; 1 where there is none.
func orientation(head []byte) int {
	for at := 2; at+4 <= len(head) && head[at] == 0xff; {
		marker, size := head[at+1], int(binary.BigEndian.Uint16(head[at+2:]))
		if marker == 0xda || size < 2 || at+2+size > len(head) {
			break
		}
		body := head[at+4 : at+2+size]
		if marker == 0xe1 && bytes.HasPrefix(body, []byte("Exif\x00\x00")) {
			return tiffOrientation(body[6:])
		}
		at += 2 + size
	}
	return 1
}

// tiffOrientation reads tag 0x0112 of the first directory.
func tiffOrientation(t []byte) int {
	if len(t) < 8 {
		return 1
	}
	var o binary.ByteOrder = binary.BigEndian
	if t[0] == 'I' {
		o = binary.LittleEndian
	}
	at := int(o.Uint32(t[4:]))
	if at < 8 || at+2 > len(t) {
		return 1
	}
	n := int(o.Uint16(t[at:]))
	for i := range n {
		e := at + 2 + 12*i
		if e+12 > len(t) {
			break
		}
		if o.Uint16(t[e:]) == 0x0112 {
			if v := int(o.Uint16(t[e+8:])); v >= 1 && v <= 8 {
				return v
			}
		}
	}
	return 1
}

// onlyOrientation is an EXIF segment that says how to turn the picture, and no more.
func onlyOrientation(turn int) []byte {
	body := []byte("Exif\x00\x00MM\x00*\x00\x00\x00\x08\x00\x01\x01\x12\x00\x03\x00\x00\x00\x01\x00\x00\x00\x00\x00\x00\x00\x00")
	binary.BigEndian.PutUint16(body[6+8+2+8:], uint16(turn)) //nolint:gosec // 1 to 8
	out := []byte{0xff, 0xe1, 0, 0}
	binary.BigEndian.PutUint16(out[2:], uint16(len(body)+2)) //nolint:gosec // 34
	return append(out, body...)
}
