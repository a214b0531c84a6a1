package web

func (s *Server) ledgerRoutes() []route { return nil }
