package web

func (s *Server) sendRoutes() []route { return nil }
