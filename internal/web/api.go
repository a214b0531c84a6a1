package web

import "net/http"

func (s *Server) mountAPI(*http.ServeMux) {}
