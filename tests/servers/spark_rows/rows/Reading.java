package rows;

import java.util.Iterator;
import java.util.List;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.connector.read.Batch;
import org.apache.spark.sql.connector.read.InputPartition;
import org.apache.spark.sql.connector.read.PartitionReader;
import org.apache.spark.sql.connector.read.PartitionReaderFactory;
import org.apache.spark.sql.connector.read.Scan;
import org.apache.spark.sql.types.StructType;

/** One reading of a table, as it was when the statement was planned. */
class Reading implements Scan, Batch {
    private final StructType schema;
    private final long rows;

    Reading(StructType schema, List<InternalRow> rows) {
        this.schema = schema;
        this.rows = Shared.put(rows);
    }

    @Override
    public StructType readSchema() {
        return schema;
    }

    @Override
    public Batch toBatch() {
        return this;
    }

    @Override
    public InputPartition[] planInputPartitions() {
        return new InputPartition[] {new Part(rows)};
    }

    @Override
    public PartitionReaderFactory createReaderFactory() {
        return new Readers();
    }

    private record Part(long rows) implements InputPartition {}

    private static class Readers implements PartitionReaderFactory {
        @Override
        public PartitionReader<InternalRow> createReader(InputPartition part) {
            return new Reader(Shared.get(((Part) part).rows()).iterator());
        }
    }

    private static class Reader implements PartitionReader<InternalRow> {
        private final Iterator<InternalRow> left;

        Reader(Iterator<InternalRow> left) {
            this.left = left;
        }

        @Override
        public boolean next() {
            return left.hasNext();
        }

        @Override
        public InternalRow get() {
            return left.next();
        }

        @Override
        public void close() {}
    }
}
