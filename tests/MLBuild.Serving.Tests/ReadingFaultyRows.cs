using System.Reflection;
using System.Text;

namespace MLBuild.Serving.Tests;

/// <summary>A request that has a fault in every few bytes costs no more than one that has ten.</summary>
public sealed class ReadingFaultyRows
{
    private delegate int ReadRows(ReadOnlySpan<byte> body, List<Ride> rows);

    [Fact]
    public void OnlyTheFaultsThatAreShownTakeMemory()
    {
        var read = Reader();
        var body = Encoding.UTF8.GetBytes($"{{{string.Join(',', Enumerable.Repeat("\"xy\":1", 130_000))}}}");
        var before = GC.GetAllocatedBytesForCurrentThread();

        var refusal = Assert.ThrowsAny<Exception>(() => read(body, []));

        // Three of the fields that are required are absent.
        Assert.EndsWith(" And 129993 more.", refusal.Message, StringComparison.Ordinal);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);
    }

    // By reflection: over HTTP nobody can tell what else of the process takes memory.
    private static ReadRows Reader()
    {
        var type = typeof(ModelServer).Assembly.GetType("MLBuild.Serving.Requests.RequestRows`1", throwOnError: true)!
            .MakeGenericType(typeof(Ride));
        return type.GetMethod("Read", BindingFlags.Public | BindingFlags.Instance)!
            .CreateDelegate<ReadRows>(Activator.CreateInstance(type, Ride.Served, 1000));
    }
}
