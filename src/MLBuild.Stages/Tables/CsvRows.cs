using System.Collections;
using System.Text;
using CsvHelper;
using MLBuild.Learning.Rows;

namespace MLBuild.Stages.Tables;

/// <summary>Reads CSV files: comma-separated UTF-8 with a header, any line ends, any order of columns.</summary>
public static class CsvRows
{
    /// <summary>Checks the file and its header; the rows are read as they are enumerated.</summary>
    /// <param name="path">Where the file is.</param>
    /// <param name="file">What faults and messages call it; the last part of the path where it is null.</param>
    /// <exception cref="TableException">The file is missing, empty, not text, or lacks columns of
    /// <typeparamref name="TRow"/>.</exception>
    public static CsvRows<TRow> Read<TRow>(string path, string? file = null)
        where TRow : class, new() => new(path, file ?? Path.GetFileName(path));
}

/// <summary>The rows of a CSV file, read anew by each enumeration, one line in memory at a time. Nothing is skipped
/// silently but empty lines: each line is a row or a <see cref="RowFault"/>.</summary>
/// <remarks>A quoted field cannot hold a line break, so an unclosed quote costs its own line and not the rest of the
/// file.</remarks>
public sealed class CsvRows<TRow> : IEnumerable<CsvRow<TRow>>
    where TRow : class, new()
{
    /// <summary>A longer line ends the reading with a <see cref="TableException"/>: the file has lost its line ends.
    /// </summary>
    public const int LongestLineBytes = 1 << 20;

    private readonly string _path;
    private readonly string _file;

    internal CsvRows(string path, string file)
    {
        (_path, _file) = (path, file);
        using var lines = new Lines(path, file);
        Header = lines.Header;
    }

    public CsvHeader Header { get; }

    /// <exception cref="TableException">A line is longer than <see cref="LongestLineBytes"/>, or the file has changed
    /// and is no longer such a table.</exception>
    public IEnumerator<CsvRow<TRow>> GetEnumerator()
    {
        using var lines = new Lines(_path, _file);
        while (lines.Next())
            yield return lines.Row();
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>One pass over the file.</summary>
    private sealed class Lines : IDisposable
    {
        private readonly string _file;
        private readonly CsvReader _reader;
        private readonly (int Index, CsvField<TRow> Field)[] _fields;
        private CsvMalformedRecord? _malformed;

        public Lines(string path, string file)
        {
            _file = file;
            var expected = "expected a header line with "
                + string.Join(", ", RowSchema<TRow>.Instance.Columns.Select(column => column.Name));
            _reader = CsvReader.Create(TextFile.Open(path, file, expected), Options(), leaveOpen: false);
            try
            {
                if (!Next())
                    throw new TableException($"'{file}' has only empty lines: {expected}.");
                if (_malformed is { } malformed)
                    throw new TableException(
                        $"'{file}' line {malformed.LineNumber}: the header has {Quoting(malformed.Reason)}.");
                var columns = Enumerable.Range(0, _reader.FieldCount)
                    .Select(i => Encoding.UTF8.GetString(_reader.GetSpan(i)))
                    .ToArray();
                Header = CsvHeader.Check<TRow>(file, columns);
                _fields = RowSchema<TRow>.Instance.Columns
                    .Select(column => (Array.IndexOf(columns, column.Name), CsvField<TRow>.For(column)))
                    .ToArray();
            }
            catch
            {
                _reader.Dispose();
                throw;
            }
        }

        public CsvHeader Header { get; }

        public void Dispose() => _reader.Dispose();

        public bool Next()
        {
            _malformed = null;
            try
            {
                return _reader.Read();
            }
            catch (CsvFormatException fault)
            {
                // Recover and Allow leave one reason to throw.
                throw new TableException(
                    $"'{_file}' line {fault.LineNumber} is longer than {LongestLineBytes} bytes. "
                    + "Does the file have line ends?",
                    fault);
            }
        }

        public CsvRow<TRow> Row()
        {
            var line = _reader.LineNumber;
            if (_malformed is { } malformed)
                return Fault(line, $"the line has {Quoting(malformed.Reason)}");
            if (_reader.FieldCount != Header.Columns.Count)
                return Fault(line, $"expected {Header.Columns.Count} fields, found {_reader.FieldCount}");

            var row = new TRow();
            foreach (var (index, field) in _fields)
            {
                var text = _reader.GetSpan(index);
                if (field.TryRead(text, row))
                    continue;
                var value = text.IsEmpty ? null : RowFault.Shorten(text);
                return new(line, null, new(_file, line, field.Column, value, field.Expected));
            }
            return new(line, row, null);
        }

        private CsvRow<TRow> Fault(long line, string reason) =>
            new(line, null, new(_file, line, null, RowFault.Shorten(_reader.RawRecord), reason));

        private static string Quoting(CsvMalformedReason reason) => reason switch
        {
            CsvMalformedReason.StrayQuote => "a quote inside an unquoted field",
            CsvMalformedReason.TextAfterClosingQuote => "text after a closing quote",
            CsvMalformedReason.LineBreakInQuotes => "a quote that is not closed",
            CsvMalformedReason.UnterminatedQuote => "a quote that is not closed",
            _ => throw new InvalidOperationException($"BUG: the options exclude {reason} in a CSV line."),
        };

        // Recover and Allow, not Skip: skipped lines are reported inside Read, so a file of bad lines would gather in
        // memory. Recovered, each line comes back by itself, after the callback, and is made a fault above.
        private CsvReaderOptions Options() => new()
        {
            Separator = ',',
            HasHeader = false,
            SkipEmptyLines = true,
            AllowLineBreaksInQuotes = false,
            MalformedData = CsvMalformedDataHandling.Recover,
            FieldCountMismatch = CsvFieldCountHandling.Allow,
            MissingField = CsvMissingFieldHandling.Throw,
            OnMalformedRecord = malformed => _malformed = malformed,
            TrackLineNumbers = true,
            MaxRecordSize = LongestLineBytes,
            BufferSize = 1 << 18,
        };
    }
}
