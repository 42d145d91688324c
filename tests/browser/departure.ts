// A test that sends its page elsewhere cuts off what that page was still fetching ahead. Such a request, and no other, may fail: one that began
// before the next page was there, and that ends while the test itself is on its way to it.

export class Departure<Request extends object> {
  private readonly pageOf = new WeakMap<Request, number>();
  private page = 0;
  /** The page that is being left. */
  private leaving: number | null = null;

  began(request: Request): void {
    this.pageOf.set(request, this.page);
  }

  /** Another document has taken the page's place. */
  arrived(): void {
    this.page += 1;
  }

  async during<Result>(navigation: () => Promise<Result>): Promise<Result> {
    this.leaving = this.page;
    try {
      return await navigation();
    } finally {
      this.leaving = null;
    }
  }

  cutOff(request: Request): boolean {
    return this.leaving !== null && this.pageOf.get(request) === this.leaving;
  }
}
