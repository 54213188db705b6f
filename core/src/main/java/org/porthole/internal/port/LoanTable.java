package org.porthole.internal.port;

import java.util.concurrent.atomic.AtomicLong;

/// The regions that this rank has lent and that have not come back.
///
/// **Threads.** Any.
final class LoanTable {
    private final PostOffice office;
    private final NumberTable<Loan> loans = new NumberTable<>();
    private final AtomicLong next = new AtomicLong();

    LoanTable(PostOffice office) {
        this.office = office;
    }

    /// Lends a region of this rank's.
    void lend(Loan loan, int to) {
        loan.begin(this, next.incrementAndGet(), to, office.isNear(to) ? null : office.routes());
        loans.put(loan);
        if (office.isGone(to)) {
            loan.end();
        }
    }

    /// It was not lent after all.
    void withdraw(Loan loan) {
        loans.remove(loan);
        loan.withdraw();
    }

    /// It has ended.
    void forget(Loan loan) {
        loans.remove(loan);
    }

    /// A rank does not need a region any more.
    void returned(long number, int by) {
        Loan loan = loans.get(number);
        if (loan != null && loan.rank() == by) {
            loan.end();
        }
    }

    /// A rank is gone.
    void gone(int rank) {
        loans.forEach(each -> {
            if (each.rank() == rank) {
                each.end();
            }
        });
    }

    void endAll() {
        loans.forEach(Loan::end);
    }

    /// How many there are.
    int size() {
        int[] count = new int[1];
        loans.forEach(each -> count[0]++);
        return count[0];
    }
}
