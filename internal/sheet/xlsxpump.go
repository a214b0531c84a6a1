package sheet

import (
	"io"
	"sync"
)

// A pump writes pieces in the background, so that the next rows are worked out
// while the last ones are compressed. Two pieces are under way at most.
type pump struct {
	to    io.Writer
	work  chan []byte
	spare chan []byte
	done  sync.WaitGroup

	mu  sync.Mutex
	err error
}

const pumpPiece = 64 << 10 // bytes

func newPump(to io.Writer) *pump {
	p := &pump{to: to, work: make(chan []byte, 1), spare: make(chan []byte, 3)}
	for range cap(p.spare) {
		p.spare <- make([]byte, 0, pumpPiece+pumpPiece/4)
	}
	p.done.Go(p.run)
	return p
}

func (p *pump) run() {
	for piece := range p.work {
		if p.broken() == nil {
			if _, err := p.to.Write(piece); err != nil {
				p.mu.Lock()
				p.err = err
				p.mu.Unlock()
			}
		}
		p.spare <- piece[:0]
	}
}

func (p *pump) broken() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.err
}

// room is an empty piece to fill.
func (p *pump) room() []byte { return <-p.spare }

// give takes a piece and returns an empty one, and the error of an earlier piece.
func (p *pump) give(piece []byte) ([]byte, error) {
	p.work <- piece
	return p.room(), p.broken()
}

// end writes the last piece and waits until all are written.
func (p *pump) end(piece []byte) error {
	p.work <- piece
	close(p.work)
	p.done.Wait()
	return p.broken()
}
