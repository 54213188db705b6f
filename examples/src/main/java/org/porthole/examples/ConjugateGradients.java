package org.porthole.examples;

import org.porthole.Operator;
import org.porthole.Team;

/// Conjugate gradients, scaled by the diagonal, on the rows that one rank has. All ranks iterate together.
final class ConjugateGradients {
    private final Team team;
    private final SparseMatrix rows;
    private final Halo halo;
    private final double[] diagonal;
    private final double[] solution;
    private final double[] rest; // right side - matrix * solution
    private final double[] direction;
    private final double[] product;
    private final double norm;
    private double descent; // rest * scaled rest
    private int iterations;

    /// Collective. Begins with the solution 0.
    ///
    /// @param rows      this rank's, whose columns are places in what `halo` fetches
    /// @param diagonal  what they have in the diagonal
    /// @param rightSide its part of the right side
    ConjugateGradients(Team team, SparseMatrix rows, Halo halo, double[] diagonal, double[] rightSide) {
        this.team = team;
        this.rows = rows;
        this.halo = halo;
        this.diagonal = diagonal;
        solution = new double[rightSide.length];
        rest = rightSide.clone();
        direction = new double[rightSide.length];
        product = new double[rightSide.length];
        norm = sum(dot(rest, rest));
        turn();
    }

    double[] solution() {
        return solution;
    }

    int iterations() {
        return iterations;
    }

    /// Collective. How much is left, relative to the right side.
    double residual() {
        return norm == 0 ? 0 : Math.sqrt(sum(dot(rest, rest)) / norm);
    }

    /// Collective. Goes one step nearer.
    ///
    /// @throws UsageException if the matrix turns out not to be positive definite
    void iterate() {
        rows.multiply(halo.exchange(direction), product);
        double curvature = sum(dot(direction, product));
        if (!(curvature > 0)) {
            throw new UsageException("the matrix is not positive definite");
        }
        double step = descent / curvature;
        for (int i = 0; i < solution.length; i++) {
            solution[i] += step * direction[i];
            rest[i] -= step * product[i];
        }
        turn();
        iterations++;
    }

    /// Finds the direction of the next step.
    private void turn() {
        double scaled = 0;
        for (int i = 0; i < rest.length; i++) {
            scaled += rest[i] * rest[i] / diagonal[i];
        }
        double before = descent;
        descent = sum(scaled);
        double kept = before == 0 ? 0 : descent / before;
        for (int i = 0; i < rest.length; i++) {
            direction[i] = rest[i] / diagonal[i] + kept * direction[i];
        }
    }

    /// Of this rank's parts of two vectors.
    static double dot(double[] a, double[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += a[i] * b[i];
        }
        return sum;
    }

    private double sum(double part) {
        return team.allreduce(part, Operator.SUM);
    }
}
