namespace MLBuild.Stages.Ingest;

/// <summary>A few lines of a file, asked about line after line: each question goes on from the one before.</summary>
internal sealed class LineSet(IEnumerable<long> lines)
{
    private readonly long[] _lines = [.. lines.Order()];

    // The first line that is not before the one last asked about.
    private int _next;

    public bool Contains(long line)
    {
        if (_next > 0 && _lines[_next - 1] >= line)
            _next = 0;
        while (_next < _lines.Length && _lines[_next] < line)
            _next++;
        return _next < _lines.Length && _lines[_next] == line;
    }
}
