// The one error of this verifier. Nothing here recovers from it.

export class Failure extends Error {
  // `code` is that of docs/spec/record.md; `where` names the member of the export.
  constructor(code, what, where = '') {
    super(where ? `${where}: ${what}` : what)
    this.name = 'Failure'
    this.code = code
    this.what = what
    this.where = where
  }
}
