package web

import "slices"

// routes is the whole site. Each slice lists its own addresses, in its own file.
func (s *Server) routes() []route {
	return slices.Concat(
		s.shellRoutes(),       // theme, language, health
		s.accountRoutes(),     // sign-in, set-up, people, own profile, drafts
		s.frameRoutes(),       // rounds, organisations, bodies
		s.mechanismRoutes(),   // how rounds are reviewed
		s.templateRoutes(),    // what official documents are made from
		s.importRoutes(),      // a ledger comes in
		s.ledgerRoutes(),      // ledger, export, gaps, search
		s.findingRoutes(),     // one finding
		s.fillRoutes(),        // an organisation plans and reports
		s.uploadRoutes(),      // evidence in pieces
		s.writingRoutes(),     // it writes documents judged as one text
		s.closingRoutes(),     // it applies for closing
		s.sendRoutes(),        // check, pledge, send; letters and answers
		s.reviewRoutes(),      // the parties review
		s.liveRoutes(),        // that something has changed
		s.consolidateRoutes(), // the office consolidates; the letter
		s.printRoutes(),       // papers, and from paper to record
		s.documentRoutes(),    // documents made from the record and a form
		s.meetingRoutes(),     // disagreements, joint meetings, the wall
		s.overviewRoutes(),    // workbench, round overview
		s.recusalRoutes(),     // who keeps away from what
		s.packRoutes(),        // evidence packs
		s.turnRoutes(),        // whose turn it is
		s.trailRoutes(),       // the record and its verification
	)
}
