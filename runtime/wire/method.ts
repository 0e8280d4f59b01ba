/**
 * Methods that are served. TRACE would echo cookies and identity headers, CONNECT would make a tunnel out of a route;
 * what is not here is refused.
 * @see RFC 9110 §9.3, RFC 5789 (PATCH), RFC 4918 §9 (WebDAV), RFC 3253 §3.6 (REPORT), RFC 4791 §5.3.1 (MKCALENDAR), RFC 5323 (SEARCH)
 */
export const SERVED_METHODS: ReadonlySet<string> = new Set(
  (
    'GET HEAD POST PUT PATCH DELETE OPTIONS QUERY ' +
    'PROPFIND PROPPATCH MKCOL COPY MOVE LOCK UNLOCK REPORT MKCALENDAR SEARCH'
  ).split(' '),
)
