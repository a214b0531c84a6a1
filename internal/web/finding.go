package web

func (s *Server) findingRoutes() []route { return nil }
