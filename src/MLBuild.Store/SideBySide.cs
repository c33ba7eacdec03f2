using System.Runtime.ExceptionServices;

namespace MLBuild.Store;

/// <summary>Many equal pieces of work on all cores.</summary>
public static class SideBySide
{
    /// <summary>Does each piece, in order if they are few. What fails says what the first would have said, had they
    /// been done one by one.</summary>
    /// <param name="few">Below this, starting threads takes longer than they save.</param>
    public static void For(int count, int few, Action<int> body)
    {
        if (count < few)
        {
            for (var i = 0; i < count; i++)
                body(i);
            return;
        }
        var failures = new Exception?[count];
        Parallel.For(0, count, i =>
        {
            try
            {
                body(i);
            }
            catch (Exception e)
            {
                failures[i] = e;
            }
        });
        if (Array.Find(failures, failure => failure is not null) is { } first)
            ExceptionDispatchInfo.Throw(first);
    }
}
