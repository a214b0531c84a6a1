package web

func (s *Server) trailRoutes() []route { return nil }
