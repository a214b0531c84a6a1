package web

func (s *Server) consolidateRoutes() []route { return nil }
