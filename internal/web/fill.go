package web

func (s *Server) fillRoutes() []route { return nil }
