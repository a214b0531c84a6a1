package web

func (s *Server) importRoutes() []route { return nil }
