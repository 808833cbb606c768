import { t } from '../i18n/i18n'
import { announce } from '../ui/announce'
import { Choice } from '../ui/choice'
import { Word } from '../ui/word'
import { signIn, user, users } from './session'
import type { User } from './users'

/** Shows who is signed in, and lets others sign in. */
export function Who() {
  return (
    <fieldset>
      <legend>
        <Word explained="who.about">{t('who')}</Word>
      </legend>
      <div class="choices in-rows">
        {users.value.known.map((known) => (
          <Choice
            key={known.sub}
            group="user"
            label={known.sub}
            note={t(`who.${known.plan}`)}
            isChosen={known.sub === user.value.sub}
            onChoose={() => signIn(known)}
          />
        ))}
      </div>
      <details>
        <summary>{t('who.add')}</summary>
        <SignInForm />
      </details>
    </fieldset>
  )
}

function SignInForm() {
  return (
    <form
      class="sign-in"
      onSubmit={(event) => {
        event.preventDefault()
        const chosen = readUser(event.currentTarget)
        if (!chosen.sub) return
        event.currentTarget.reset()
        signIn(chosen)
        announce(t('who.signedIn', { user: chosen.sub }))
      }}
    >
      <label class="field">
        {t('who.name')}
        <input name="sub" required autocomplete="off" autocapitalize="none" maxLength={64} />
      </label>
      <label class="tick">
        <input type="checkbox" name="pro" />
        {t('who.proPlan')}
      </label>
      <button type="submit" class="button">
        {t('who.signIn')}
      </button>
    </form>
  )
}

function readUser(form: HTMLFormElement): User {
  const data = new FormData(form)
  return { sub: String(data.get('sub')).trim(), plan: data.has('pro') ? 'pro' : 'free' }
}
