package web

func (s *Server) accountRoutes() []route { return nil }
