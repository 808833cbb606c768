import { OssDirectError } from '../errors'

/** Limits how many requests are in flight: half as many after a failure, and one more after each round of successes. */
export class Slots {
  /** How many may be in flight at most. */
  readonly most: number
  private limit: number
  private running = 0
  private successes = 0
  private halvings = 0
  private readonly waiting: (() => void)[] = []

  constructor(most: number) {
    this.most = Math.max(1, Math.floor(most) || 1)
    this.limit = this.most
  }

  /** Runs a request when there is room for it. */
  async run<T>(request: () => Promise<T>): Promise<T> {
    while (this.running >= this.limit) await new Promise<void>((go) => this.waiting.push(go))
    this.running++
    const { halvings } = this
    try {
      const result = await request()
      this.succeed()
      return result
    } catch (error) {
      // Requests that began before the limit fell tell nothing about the new one.
      if (halvings === this.halvings && isRetryable(error)) this.halve()
      throw error
    } finally {
      this.running--
      for (const go of this.waiting.splice(0)) go()
    }
  }

  private succeed(): void {
    if (this.limit >= this.most || ++this.successes < this.limit) return
    this.limit++
    this.successes = 0
  }

  private halve(): void {
    this.limit = Math.max(1, Math.floor(this.limit / 2))
    this.halvings++
    this.successes = 0
  }
}

function isRetryable(error: unknown): boolean {
  return error instanceof OssDirectError && error.retryable
}
