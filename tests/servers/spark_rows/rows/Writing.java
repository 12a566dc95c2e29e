package rows;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.connector.write.BatchWrite;
import org.apache.spark.sql.connector.write.DataWriter;
import org.apache.spark.sql.connector.write.DataWriterFactory;
import org.apache.spark.sql.connector.write.PhysicalWriteInfo;
import org.apache.spark.sql.connector.write.SupportsTruncate;
import org.apache.spark.sql.connector.write.Write;
import org.apache.spark.sql.connector.write.WriteBuilder;
import org.apache.spark.sql.connector.write.WriterCommitMessage;

/** One statement's rows, which get to the table when all of them are there. */
class Writing implements SupportsTruncate, Write, BatchWrite {
    private final Consumer<List<InternalRow>> table;
    private final Consumer<List<InternalRow>> emptied;

    Writing(Consumer<List<InternalRow>> table, Consumer<List<InternalRow>> emptied) {
        this.table = table;
        this.emptied = emptied;
    }

    @Override
    public WriteBuilder truncate() {
        return new Writing(emptied, emptied);
    }

    @Override
    public Write build() {
        return this;
    }

    @Override
    public BatchWrite toBatch() {
        return this;
    }

    @Override
    public DataWriterFactory createBatchWriterFactory(PhysicalWriteInfo info) {
        return new Writers();
    }

    @Override
    public void commit(WriterCommitMessage[] messages) {
        List<InternalRow> all = new ArrayList<>();
        for (WriterCommitMessage message : messages) {
            all.addAll(Shared.take(((Written) message).rows()));
        }
        table.accept(all);
    }

    @Override
    public void abort(WriterCommitMessage[] messages) {}

    private record Written(long rows) implements WriterCommitMessage {}

    private static class Writers implements DataWriterFactory {
        @Override
        public DataWriter<InternalRow> createWriter(int partition, long task) {
            return new Writer();
        }
    }

    private static class Writer implements DataWriter<InternalRow> {
        private final List<InternalRow> rows = new ArrayList<>();

        @Override
        public void write(InternalRow row) {
            rows.add(row.copy());
        }

        @Override
        public WriterCommitMessage commit() {
            return new Written(Shared.put(rows));
        }

        @Override
        public void abort() {}

        @Override
        public void close() {}
    }
}
