package rows;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.spark.sql.catalyst.InternalRow;

/** Rows that the driver and its tasks hand each other by number, which is all that is serialized: it is one process. */
final class Shared {
    private static final Map<Long, List<InternalRow>> ROWS = new ConcurrentHashMap<>();
    private static final AtomicLong NEXT = new AtomicLong();

    private Shared() {}

    static long put(List<InternalRow> rows) {
        long number = NEXT.incrementAndGet();
        ROWS.put(number, rows);
        return number;
    }

    static List<InternalRow> get(long number) {
        return ROWS.get(number);
    }

    static List<InternalRow> take(long number) {
        return ROWS.remove(number);
    }
}
