import fc from 'fast-check'

// Where a failure is all that is asked for, nobody reads the smallest example of it.
fc.configureGlobal({ endOnFailure: true })
