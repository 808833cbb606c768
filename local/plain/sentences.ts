/** The languages of the pages without a script. */
export type PlainLocale = 'en' | 'zh'

const en = {
  title: 'oss-direct: upload without a script',
  intro:
    'This form goes straight to OSS, without a script. First say who you are and which file you will send: OSS accepts exactly what is signed for you.',
  sub: 'User',
  plan: 'Plan',
  rule: 'What for (the rule)',
  filename: 'Name of the file, with its extension',
  sign: 'Sign a form for it',
  noRules: 'No rule takes forms: none has the mechanism “form”.',
  ready: 'The form is signed',
  readyFor: 'It is good until {until}, for one file of the type {type}.',
  atMost: 'It may have at most {size}.',
  file: 'File',
  send: 'Send it to OSS',
  answerFrame: 'The answer of OSS',
  statusFrame: 'What has arrived',
  again: 'Another file',
  waiting: 'Nothing has arrived yet. This line follows by itself.',
  proven: 'It has arrived: OSS has stored it, and the callback has proved it.',
  stored: 'It has arrived: OSS has stored it. No callback was asked for.',
  unproven: 'OSS has stored it, but the callback could not prove it, so it does not count.',
  over: 'This form is no longer good. Sign another one.',
  tooLarge: 'OSS refused it: the file is larger than the form allows.',
  tooSmall: 'OSS refused it: the file is smaller than the form allows.',
  exists: 'OSS refused it: there is already a file under this name, and the rule keeps it.',
  refused: 'OSS refused it (code: {code}). Choose the file again, or sign another form.',
  notSigned: 'The form was not signed',
  invalid: 'Something is missing: fill in the user, the rule and the name of the file.',
  typeNotAllowed: 'The rule does not take files of this type ({type}).',
  notAllowed: 'This user may not use the rule.',
  invalidName:
    'The rule does not take this name: give it an extension, and none of the characters \\ : * ? " < > |.',
  failed: 'The functions refused it (code: {code}).',
  back: 'Back',
} as const

/** The name of a sentence. */
export type SentenceName = keyof typeof en

const zh: Record<SentenceName, string> = {
  title: 'oss-direct：无脚本上传',
  intro:
    '此表单无需脚本即可将文件直接上传到 OSS。请先填写您的身份和要上传的文件：OSS 只接受已签名的内容。',
  sub: '用户',
  plan: '套餐',
  rule: '用途（规则）',
  filename: '文件名（含扩展名）',
  sign: '生成签名表单',
  noRules: '没有规则支持表单上传：均未包含 form 方式。',
  ready: '表单已签名',
  readyFor: '有效期至 {until}，仅可上传一个类型为 {type} 的文件。',
  atMost: '文件大小不超过 {size}。',
  file: '文件',
  send: '上传到 OSS',
  answerFrame: 'OSS 的响应',
  statusFrame: '上传结果',
  again: '上传其他文件',
  waiting: '尚未收到文件。此处会自动更新。',
  proven: '上传成功：文件已存储到 OSS，并已通过回调校验。',
  stored: '上传成功：文件已存储到 OSS。此次上传未设置回调。',
  unproven: '文件已存储到 OSS，但未通过回调校验，因此不计为有效上传。',
  over: '表单已过期，请重新生成。',
  tooLarge: 'OSS 已拒绝：文件大小超出表单允许的上限。',
  tooSmall: 'OSS 已拒绝：文件大小低于表单允许的下限。',
  exists: 'OSS 已拒绝：已存在同名文件，且规则不允许覆盖。',
  refused: 'OSS 已拒绝（错误码：{code}）。请重新选择文件，或重新生成表单。',
  notSigned: '未能生成签名表单',
  invalid: '信息不完整：请填写用户、规则和文件名。',
  typeNotAllowed: '该规则不允许上传此类型的文件（{type}）。',
  notAllowed: '该用户无权使用此规则。',
  invalidName: '该规则不接受此文件名：请添加扩展名，且不要使用 \\ : * ? " < > | 等字符。',
  failed: '函数已拒绝请求（错误码：{code}）。',
  back: '返回',
}

const ALL = { en, zh } as const

/** Returns a sentence with its values. */
export type Say = (name: SentenceName, values?: Readonly<Record<string, string>>) => string

/** Returns the sentences of one language. */
export function sentencesOf(locale: PlainLocale): Say {
  return (name, values = {}) =>
    ALL[locale][name].replace(/\{(\w+)\}/g, (_, value: string) => values[value] ?? '')
}

/** Returns the language that a browser asks for first among those there are (RFC 9110 section 12.5.4). */
export function localeOf(acceptLanguage = ''): PlainLocale {
  const asked = acceptLanguage.split(',').map((each) => {
    const [tag = '', quality = ''] = each.trim().split(/\s*;\s*q=/)
    return { tag: tag.slice(0, 2).toLowerCase(), quality: quality === '' ? 1 : Number(quality) }
  })
  const [best] = asked
    .filter(({ tag, quality }) => Object.hasOwn(ALL, tag) && quality > 0)
    .sort((one, other) => other.quality - one.quality)
  return best?.tag === 'zh' ? 'zh' : 'en'
}
