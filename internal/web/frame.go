package web

func (s *Server) frameRoutes() []route { return nil }
