/** The messages of this part of the page, in English. */
export const files = {}
