package web

func (s *Server) reviewRoutes() []route { return nil }
