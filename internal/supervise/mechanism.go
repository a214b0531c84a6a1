package supervise

import (
	"context"
	"maps"

	"lianshen/internal/ledger/mechanism"
)

// MechanismsInForce returns the mechanisms under which a round opens today, by code.
func (s *Service) MechanismsInForce(ctx context.Context) (map[string]mechanism.Mechanism, error) {
	histories, err := s.DB.Read().Mechanisms(ctx)
	if err != nil {
		return nil, err
	}
	all := maps.Clone(s.Mechanisms)
	for _, h := range histories {
		if m, exists := h.InForce(all[h.Code], s.Today()); exists {
			all[h.Code] = m
		}
	}
	return all, nil
}
