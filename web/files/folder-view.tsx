import { useSignal } from '@preact/signals'
import { useEffect, useMemo } from 'preact/hooks'
import type { OssDirect, RuleDescription } from '../../client'
import { t } from '../i18n/i18n'
import { Button, IconButton } from '../ui/button'
import { Icon } from '../ui/icon'
import { storedCount } from '../upload/stored'
import { Breadcrumbs } from './breadcrumbs'
import { sentenceOf } from './failure'
import { FileRow } from './file-row'
import { createListing, type Listed } from './listing'
import { Message } from './message'
import { removedCount } from './removals'

interface FolderViewProps {
  oss: OssDirect
  rule: RuleDescription
}

/** The folders and files of one rule, a folder at a time. */
export function FolderView({ oss, rule }: FolderViewProps) {
  const path = useSignal('')
  const place = path.value
  const listing = useMemo(
    () => createListing(oss, { rule: rule.name, path: place }),
    [oss, rule.name, place],
  )
  const changes = storedCount.value + removedCount.value
  useEffect(() => void listing.load(), [listing, changes])
  const listed = listing.listed.value
  const open = (folder: string) => {
    path.value = folder
    document.getElementById('files-title')?.focus({ preventScroll: true })
  }
  const isEmpty = listed.files.length + listed.folders.length === 0
  return (
    <div class="folder" aria-busy={listed.state === 'loading'}>
      <div class="folder-head">
        <Breadcrumbs rule={rule.name} path={place} onOpen={open} />
        <IconButton icon="retry" label={t('files.refresh')} onClick={() => listing.load()} />
      </div>
      {listed.state === 'failed' && (
        <Message icon="alert" title={t('files.failed')} text={sentenceOf(listed.error)}>
          <Button icon="retry" onClick={() => listing.load()}>
            {t('files.tryAgain')}
          </Button>
        </Message>
      )}
      {isEmpty && <Nothing listed={listed} isFolder={place !== ''} />}
      {!isEmpty && (
        <ul class="file-list">
          {listed.folders.map((folder) => (
            <FolderRow key={folder} folder={folder} onOpen={() => open(folder)} />
          ))}
          {listed.files.map((file) => (
            <FileRow key={file.key} {...{ oss, rule, file, path: place }} />
          ))}
        </ul>
      )}
      {!isEmpty && <More listed={listed} onMore={() => listing.more()} />}
    </div>
  )
}

function Nothing({ listed, isFolder }: { listed: Listed; isFolder: boolean }) {
  if (listed.state === 'failed') return null
  if (listed.state === 'loading') return <p class="note">{t('files.loading')}</p>
  return (
    <Message
      icon="folder"
      title={t(isFolder ? 'files.emptyFolder' : 'files.empty')}
      text={t('files.emptyHint')}
    />
  )
}

function FolderRow({ folder, onOpen }: { folder: string; onOpen: () => void }) {
  const name = folder.slice(folder.lastIndexOf('/') + 1)
  return (
    <li class="file">
      <button type="button" class="file-open" onClick={onOpen}>
        <span class="thumbnail">
          <Icon name="folder" />
        </span>
        <span class="file-about">
          <span class="file-name">
            <bdi>{name}</bdi>
          </span>
          <small>{t('files.folder')}</small>
        </span>
      </button>
    </li>
  )
}

function More({ listed, onMore }: { listed: Listed; onMore: () => void }) {
  const { files, folders, next, state } = listed
  return (
    <p class="files-more note" role="status">
      {t(next ? 'files.countSoFar' : 'files.count', {
        files: files.length,
        folders: folders.length,
      })}{' '}
      {next && (
        <Button onClick={onMore} isOff={state === 'loading'}>
          {t('files.more')}
        </Button>
      )}
    </p>
  )
}
