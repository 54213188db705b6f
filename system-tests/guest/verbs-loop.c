// The least that verbs can do: two queue pairs of one device connected to each other, one work request at a time, each waited for by polling.
// Prints microseconds an operation, the median of batches:  verbs-loop DEVICE GID-INDEX
//
//   cc -O2 -o verbs-loop verbs-loop.c -libverbs
#include <infiniband/verbs.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { BATCH = 200, BATCHES = 25, BYTES = 1 << 20 };

static struct ibv_pd *pd;
static struct ibv_cq *cq;
static struct ibv_qp *one, *other;
static struct ibv_mr *mr;
static char *memory;
static union ibv_gid gid;
static uint16_t lid;

static void must(int failed, const char *what) {
    if (failed) {
        perror(what);
        exit(1);
    }
}

static struct ibv_qp *queue_pair(void) {
    struct ibv_qp_init_attr init = {.send_cq = cq, .recv_cq = cq, .qp_type = IBV_QPT_RC,
        .cap = {.max_send_wr = 16, .max_recv_wr = 1, .max_send_sge = 1, .max_recv_sge = 1, .max_inline_data = 64}};
    struct ibv_qp *qp = ibv_create_qp(pd, &init);
    must(!qp, "ibv_create_qp");
    return qp;
}

static void join(struct ibv_qp *qp, struct ibv_qp *to, int index) {
    struct ibv_qp_attr init = {.qp_state = IBV_QPS_INIT, .port_num = 1,
        .qp_access_flags = IBV_ACCESS_REMOTE_WRITE | IBV_ACCESS_REMOTE_READ | IBV_ACCESS_REMOTE_ATOMIC};
    must(ibv_modify_qp(qp, &init, IBV_QP_STATE | IBV_QP_PKEY_INDEX | IBV_QP_PORT | IBV_QP_ACCESS_FLAGS), "INIT");
    struct ibv_qp_attr receive = {.qp_state = IBV_QPS_RTR, .path_mtu = IBV_MTU_1024, .dest_qp_num = to->qp_num,
        .max_dest_rd_atomic = 4, .min_rnr_timer = 1,
        .ah_attr = {.is_global = 1, .dlid = lid, .port_num = 1, .grh = {.dgid = gid, .sgid_index = index, .hop_limit = 64}}};
    must(ibv_modify_qp(qp, &receive, IBV_QP_STATE | IBV_QP_AV | IBV_QP_PATH_MTU | IBV_QP_DEST_QPN | IBV_QP_RQ_PSN
                                         | IBV_QP_MAX_DEST_RD_ATOMIC | IBV_QP_MIN_RNR_TIMER), "RTR");
    struct ibv_qp_attr send = {.qp_state = IBV_QPS_RTS, .timeout = 14, .retry_cnt = 7, .rnr_retry = 7, .max_rd_atomic = 4};
    must(ibv_modify_qp(qp, &send, IBV_QP_STATE | IBV_QP_TIMEOUT | IBV_QP_RETRY_CNT | IBV_QP_RNR_RETRY | IBV_QP_SQ_PSN
                                      | IBV_QP_MAX_QP_RD_ATOMIC), "RTS");
}

static void operate(enum ibv_wr_opcode opcode) {
    struct ibv_sge piece = {.addr = (uintptr_t)memory, .length = 8, .lkey = mr->lkey};
    struct ibv_send_wr work = {.sg_list = &piece, .num_sge = 1, .opcode = opcode, .send_flags = IBV_SEND_SIGNALED}, *bad;
    uint64_t there = (uintptr_t)memory + BYTES / 2;
    if (opcode == IBV_WR_ATOMIC_FETCH_AND_ADD) {
        work.wr.atomic.remote_addr = there;
        work.wr.atomic.rkey = mr->rkey;
        work.wr.atomic.compare_add = 1;
    } else {
        work.wr.rdma.remote_addr = there;
        work.wr.rdma.rkey = mr->rkey;
    }
    if (opcode == IBV_WR_RDMA_WRITE) {
        work.send_flags |= IBV_SEND_INLINE;
    }
    must(ibv_post_send(one, &work, &bad), "ibv_post_send");
    struct ibv_wc done;
    int count;
    while ((count = ibv_poll_cq(cq, 1, &done)) == 0) {
    }
    if (count < 0 || done.status) {
        fprintf(stderr, "%s\n", count < 0 ? "ibv_poll_cq" : ibv_wc_status_str(done.status));
        exit(1);
    }
}

static int ascending(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static void measure(const char *name, enum ibv_wr_opcode opcode) {
    double us[BATCHES];
    for (int batch = -3; batch < BATCHES; batch++) {
        struct timespec begin, end;
        clock_gettime(CLOCK_MONOTONIC, &begin);
        for (int i = 0; i < BATCH; i++) {
            operate(opcode);
        }
        clock_gettime(CLOCK_MONOTONIC, &end);
        if (batch >= 0) {
            us[batch] = ((end.tv_sec - begin.tv_sec) * 1e9 + (end.tv_nsec - begin.tv_nsec)) / 1e3 / BATCH;
        }
    }
    qsort(us, BATCHES, sizeof *us, ascending);
    printf("c  %-10s %8.2f us [%.2f..%.2f]\n", name, us[BATCHES / 2], us[BATCHES / 10], us[BATCHES * 9 / 10]);
}

int main(int count, char **words) {
    int devices = 0, index = count > 2 ? atoi(words[2]) : 1;
    struct ibv_device **all = ibv_get_device_list(&devices);
    struct ibv_context *context = NULL;
    for (int i = 0; i < devices; i++) {
        if (count < 2 || !strcmp(ibv_get_device_name(all[i]), words[1])) {
            context = ibv_open_device(all[i]);
            break;
        }
    }
    must(!context, "no such device");
    struct ibv_port_attr port;
    must(ibv_query_port(context, 1, &port), "ibv_query_port");
    lid = port.lid;
    must(ibv_query_gid(context, 1, index, &gid), "ibv_query_gid");
    pd = ibv_alloc_pd(context);
    cq = ibv_create_cq(context, 64, NULL, NULL, 0);
    memory = aligned_alloc(4096, BYTES);
    memset(memory, 0, BYTES);
    mr = ibv_reg_mr(pd, memory, BYTES,
        IBV_ACCESS_LOCAL_WRITE | IBV_ACCESS_REMOTE_WRITE | IBV_ACCESS_REMOTE_READ | IBV_ACCESS_REMOTE_ATOMIC);
    must(!pd || !cq || !mr, "set-up");
    one = queue_pair();
    other = queue_pair();
    join(one, other, index);
    join(other, one, index);
    measure("put-8", IBV_WR_RDMA_WRITE);
    measure("get-8", IBV_WR_RDMA_READ);
    measure("fetch-add", IBV_WR_ATOMIC_FETCH_AND_ADD);
    return 0;
}
