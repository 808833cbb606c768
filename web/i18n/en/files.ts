/** The messages of this part of the page, in English. */
export const files = {
  // The name is isolated: it may be written from right to left.
  'files.title': 'Files of \u2068{sub}\u2069',
  'files.rules': 'What the files are for',
  'files.path': 'Folder',
  'files.loading': 'Asking OSS…',
  'files.refresh': 'List the files again',
  'files.folder': 'Folder',
  'files.more': 'Show more',
  'files.count':
    '{folders, plural, =0 {} one {# folder, } other {# folders, }}{files, plural, one {# file} other {# files}}',
  'files.countSoFar':
    '{folders, plural, =0 {} one {# folder, } other {# folders, }}{files, plural, one {# file} other {# files}} so far.',
  'files.empty': 'No files yet',
  'files.emptyFolder': 'This folder is empty',
  'files.emptyHint': 'What you upload here appears as soon as OSS has it.',
  'files.noList': 'Nothing to list',
  'files.noListHint':
    'No rule that you may use has “list”. Your uploads are stored all the same; the rules say what may be listed.',
  'files.unlisted':
    '{count, plural, one {Files of {rules} are not shown: this rule has no “list”.} other {Files of {rules} are not shown: these rules have no “list”.}}',
  'files.preview': 'Look at it',
  'files.copyLink': 'Copy a link to {name}',
  'files.download': 'Download {name}',
  'files.downloadShort': 'Download',
  'files.replace': 'Replace {name}',
  'files.delete': 'Delete {name}',
  'files.link': 'Signed link',
  'files.linkCopied':
    'Link copied. It works for {minutes, plural, one {# minute} other {# minutes}}, until {until, time, short}, for everyone who has it.',
  'files.linkShown':
    'The browser did not let the page copy it, so here it is. It works for {minutes, plural, one {# minute} other {# minutes}}, until {until, time, short}, for everyone who has it.',
  'files.willDelete':
    'Will be deleted in {seconds, plural, one {# second} other {# seconds}}. Leaving the page keeps it.',
  'files.deleting': 'Deleting…',
  'files.undo': 'Keep it',
  'files.undoLabel': 'Keep it: {name}',
  'files.notDeleted': 'It was not deleted.',
  'files.understood': 'All right',
  'files.goneTitle': 'This file is gone',
  'files.gone': 'It is no longer stored: somebody deleted it after it was listed.',
  'files.notAnImageTitle': 'Not a picture',
  'files.notAnImage':
    'Its name says that it is a picture or a film, but its content is not one that a browser can show.',
  'files.emptyFile': 'This file is empty',
  'files.emptyFileHint': 'It has 0 bytes, so there is nothing to see.',
  'files.noPreview': 'No preview',
  'files.noPreviewHint': 'A browser can’t show this kind of file. Download it to look at it.',
  'files.textCut': 'This is the beginning. Download the file for the rest.',
  'files.failed': 'That did not work',
  'files.failed.network':
    'No answer came. Check the connection, and that the local cloud is running.',
  'files.failed.unavailable': 'The server has trouble at the moment. Try again in a while.',
  'files.failed.notAllowed': 'You may not do this, or no longer.',
  'files.failed.token': 'The sign-in is over, and a new one was refused. Reload the page.',
  'files.failed.tooMany': 'That was too often. Wait a minute, then try again.',
  'files.failed.other': 'Something unexpected happened (code: {code}).',
  'files.tryAgain': 'Try again',
}
