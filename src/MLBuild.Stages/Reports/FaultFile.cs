using MLBuild.Stages.Tables;

namespace MLBuild.Stages.Reports;

/// <summary>Rows that were not taken, as a CSV file for people: which file and line, what was there, what was expected.
/// </summary>
public sealed class FaultFile : IDisposable
{
    private readonly StreamWriter _writer;

    public FaultFile(string path)
    {
        _writer = new(path) { NewLine = "\n" };
        _writer.WriteLine("file,line,column,value,reason");
    }

    public void Add(RowFault fault) => _writer.WriteLine(string.Join(',',
        Field(fault.File), FormattableString.Invariant($"{fault.Line}"), Field(fault.Column), Field(fault.Value),
        Field(fault.Reason)));

    public void Dispose() => _writer.Dispose();

    private static string Field(string? text) => text is null ? ""
        : text.AsSpan().IndexOfAny(",\"\r\n") < 0 ? text
        : $"\"{text.Replace("\"", "\"\"")}\"";
}
