import * as v from 'valibot'
import { callbackSchema } from '../../shared/callback/body'
import { uploadEventSchema, uploadId } from '../../shared/events/event'
import type { Finding } from '../findings'

/** Explains an upload event: what was proven of the upload, and what was not. */
export function explainEvent(value: unknown): Finding[] {
  const parsed = v.safeParse(uploadEventSchema, value)
  if (!parsed.success) {
    const paths = parsed.issues.map((issue) => v.getDotPath(issue) ?? 'the whole').join(', ')
    return [
      {
        state: 'wrong',
        subject: 'event',
        what: `is not one of oss-direct: ${paths}`,
        fix: 'compare it with docs/upload-event.schema.json',
      },
    ]
  }
  const { id, data } = parsed.output
  const isConfirmed = data.uploadedAt !== undefined
  const isOwnId = id === uploadId(data)
  return [
    isOwnId
      ? { state: 'ok', subject: 'id', what: 'is that of this object: the same in every delivery' }
      : {
          state: 'wrong',
          subject: 'id',
          what: 'is not that of bucket, key, size, ETag, type, metadata and time',
          fix: 'trust none of it: it was changed on its way, or made by hand',
        },
    {
      ...{ state: 'ok', subject: 'delivery' },
      what: 'is proven by the webhook signature or the function call that brought it, not by the event itself',
    },
    data.proof === 'callback'
      ? {
          state: 'ok',
          subject: 'ticket',
          what: `proven: rule ${data.rule} granted this upload to its caller${data.mechanism ? ` by ${data.mechanism}` : ''}`,
        }
      : {
          state: 'unknown',
          subject: 'ticket',
          what: `not proven: only the trigger saw it; the object fits the limits of rule ${data.rule}`,
          why: 'nobody says that the caller asked for this upload',
          fix: 'show it, but decide nothing on who sent it',
        },
    data.sub === undefined
      ? {
          state: 'unknown',
          subject: 'caller',
          what: 'not known: neither a ticket nor the key names one',
          fix: 'put {sub} into the key of the rule',
        }
      : {
          state: 'ok',
          subject: 'caller',
          what:
            data.proof === 'callback'
              ? 'proven by the ticket'
              : 'taken from the key, which only its owner was granted',
        },
    isConfirmed
      ? {
          state: 'ok',
          subject: 'object',
          what: 'size, type, ETag and metadata are those of the stored object (HeadObject)',
        }
      : {
          state: 'unknown',
          subject: 'object',
          what: 'not looked at: CONFIRM_UPLOADS is off',
          fix: 'set CONFIRM_UPLOADS=on',
        },
    ...(data.image
      ? [
          {
            state: 'unknown',
            subject: 'image',
            what: 'width, height and format are not proven: OSS read them from the file, and the uploader can send others',
            fix: 'measure the image yourself before you rely on them',
          } as const,
        ]
      : []),
    {
      state: 'ok',
      subject: 'content',
      what: 'of the file is checked by a rule with sniff alone',
    },
  ]
}

/** Returns true for the body of a callback, as our template makes it. */
export function isCallback(value: unknown): boolean {
  return v.is(callbackSchema, value)
}

/** Explains the body of a callback: a body alone proves nothing. */
export function explainCallback(): Finding[] {
  const fix = 'give the whole request to upload-callback, and read its log for what it refused'
  return [
    { state: 'ok', subject: 'body', what: 'has every member of our template' },
    {
      state: 'unknown',
      subject: 'sender',
      what: 'not proven by the body: OSS signs the path, the query and the body in the header Authorization',
      why: 'one key signs for every customer of OSS: even a good signature does not say whose bucket',
      fix,
    },
    {
      state: 'unknown',
      subject: 'ticket',
      what: 'not proven here: only upload-callback has TICKET_SECRETS',
      fix,
    },
    {
      state: 'unknown',
      subject: 'object',
      what: 'not proven by the body: upload-callback asks OSS itself (HeadObject)',
      fix,
    },
  ]
}
