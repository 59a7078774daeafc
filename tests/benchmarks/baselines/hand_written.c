/* The three documents' trainings by hand in C: local numbers, one loop. Each records a row for an iteration that is due, with
   the columns that a generated module records: the quantities before the update, the parameters after it. */

#include <math.h>

static double sigmoid(double z)
{
    return 1.0/(1.0 + exp(-z));
}

/* w: w0, w1, w2. A row for each iteration: x1, s1, x2, s2, out, E, w0, w1, w2. */
void two_node(double *w, double s0, double target, double alpha, long iterations, double *rows)
{
    double w0 = w[0], w1 = w[1], w2 = w[2];
    for (long n = 0; n < iterations; n++) {
        double x1 = w0*s0, s1 = sigmoid(x1), x2 = w1*s1, s2 = sigmoid(x2), out = w2*s2, error = out - target;
        w2 -= alpha*error*s2;
        double delta_2 = error*w2*s2*(1.0 - s2);
        w1 -= alpha*delta_2*s1;
        w0 -= alpha*delta_2*w1*s1*(1.0 - s1)*s0;
        double *row = rows + 9*n;
        row[0] = x1;
        row[1] = s1;
        row[2] = x2;
        row[3] = s2;
        row[4] = out;
        row[5] = 0.5*error*error;
        row[6] = w0;
        row[7] = w1;
        row[8] = w2;
    }
    w[0] = w0;
    w[1] = w1;
    w[2] = w2;
}

/* w: w1 to w8. A row for each iteration: net and out of h1, h2, o1, o2, the two errors and their sum, w1 to w8. */
void step_by_step(double *w, const double *i, const double *t, double eta, long iterations, double *rows)
{
    const double b1 = 0.35, b2 = 0.6;
    double v[8];
    for (int k = 0; k < 8; k++)
        v[k] = w[k];
    for (long n = 0; n < iterations; n++) {
        double net_h1 = v[0]*i[0] + v[1]*i[1] + b1, h1 = sigmoid(net_h1);
        double net_h2 = v[2]*i[0] + v[3]*i[1] + b1, h2 = sigmoid(net_h2);
        double net_o1 = v[4]*h1 + v[5]*h2 + b2, o1 = sigmoid(net_o1);
        double net_o2 = v[6]*h1 + v[7]*h2 + b2, o2 = sigmoid(net_o2);
        double e1 = o1 - t[0], e2 = o2 - t[1];
        double delta_o1 = e1*o1*(1.0 - o1), delta_o2 = e2*o2*(1.0 - o2);
        double delta_h1 = (delta_o1*v[4] + delta_o2*v[6])*h1*(1.0 - h1);
        double delta_h2 = (delta_o1*v[5] + delta_o2*v[7])*h2*(1.0 - h2);
        v[0] -= eta*delta_h1*i[0];
        v[1] -= eta*delta_h1*i[1];
        v[2] -= eta*delta_h2*i[0];
        v[3] -= eta*delta_h2*i[1];
        v[4] -= eta*delta_o1*h1;
        v[5] -= eta*delta_o1*h2;
        v[6] -= eta*delta_o2*h1;
        v[7] -= eta*delta_o2*h2;
        double *row = rows + 19*n;
        row[0] = net_h1;
        row[1] = h1;
        row[2] = net_h2;
        row[3] = h2;
        row[4] = net_o1;
        row[5] = o1;
        row[6] = net_o2;
        row[7] = o2;
        row[8] = 0.5*e1*e1;
        row[9] = 0.5*e2*e2;
        row[10] = row[8] + row[9];
        for (int k = 0; k < 8; k++)
            row[11 + k] = v[k];
    }
    for (int k = 0; k < 8; k++)
        w[k] = v[k];
}

/* Wh: 3 by 4, Wo: 4, X: m by 3, y: m. A row for every record_every-th iteration: the mean error. */
void hidden_layer(double *Wh, double *Wo, const double *X, const double *y, long m, double eta, long iterations,
                  long record_every, double *rows)
{
    double V[3][4], v[4];
    for (int j = 0; j < 4; j++) {
        for (int k = 0; k < 3; k++)
            V[k][j] = Wh[4*k + j];
        v[j] = Wo[j];
    }
    for (long n = 0; n < iterations; n++) {
        double dV[3][4] = {{0.0}}, dv[4] = {0.0}, error = 0.0;
        for (long i = 0; i < m; i++) {
            const double *x = X + 3*i;
            double h[4], net = 0.0;
            for (int j = 0; j < 4; j++) {
                h[j] = sigmoid(x[0]*V[0][j] + x[1]*V[1][j] + x[2]*V[2][j]);
                net += h[j]*v[j];
            }
            double out = sigmoid(net), delta = (y[i] - out)*out*(1.0 - out);
            error += fabs(y[i] - out);
            for (int j = 0; j < 4; j++) {
                double delta_h = delta*v[j]*h[j]*(1.0 - h[j]);
                dv[j] += h[j]*delta;
                for (int k = 0; k < 3; k++)
                    dV[k][j] += x[k]*delta_h;
            }
        }
        if (n % record_every == 0)
            rows[n/record_every] = error/m;
        for (int j = 0; j < 4; j++) {
            for (int k = 0; k < 3; k++)
                V[k][j] += eta*dV[k][j];
            v[j] += eta*dv[j];
        }
    }
    for (int j = 0; j < 4; j++) {
        for (int k = 0; k < 3; k++)
            Wh[4*k + j] = V[k][j];
        Wo[j] = v[j];
    }
}
