package web

import (
	"cmp"
	"context"
	"net/http"
	"slices"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"lianshen/internal/lang"
)

// worded is a problem in the words that a page would use.
func worded(ctx context.Context, status int, err error) *problem {
	l := lang.From(ctx)
	return &problem{
		Type: "about:blank", Title: lang.Say(l, errorKey(status)+".title"), Status: status,
		Detail: wording(l, err), Code: errorKey(status), Request: requestID(ctx),
	}
}

// invalid is what huma says of a request that does not fit its description.
func invalid(ctx context.Context, status int, message string, errs []error) *problem {
	p := &problem{
		Type: "about:blank", Title: lang.T(ctx, errorKey(status)+".title"), Status: status, Detail: message,
		Code: errorKey(status), Request: requestID(ctx),
	}
	if status == http.StatusUnprocessableEntity {
		p.Code, p.Detail = "api.invalid", lang.T(ctx, "api.invalid")
	}
	for _, err := range errs {
		if detailed, ok := err.(huma.ErrorDetailer); ok {
			p.Errors = append(p.Errors, detailed.ErrorDetail())
		} else if err != nil {
			p.Errors = append(p.Errors, &huma.ErrorDetail{Message: err.Error()})
		}
	}
	// huma walks a map: the same request is to have the same answer.
	slices.SortStableFunc(p.Errors, func(a, b *huma.ErrorDetail) int {
		return cmp.Or(strings.Compare(a.Location, b.Location), strings.Compare(a.Message, b.Message))
	})
	return p
}

// huma keeps the shape of its errors in variables of its package.
func init() {
	huma.NewError = func(status int, message string, errs ...error) huma.StatusError {
		return invalid(context.Background(), status, message, errs)
	}
	huma.NewErrorWithContext = func(hc huma.Context, status int, message string, errs ...error) huma.StatusError {
		return invalid(hc.Context(), status, message, errs)
	}
}
