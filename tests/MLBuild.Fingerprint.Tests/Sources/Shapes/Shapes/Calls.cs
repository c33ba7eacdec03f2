using System;
using System.Collections;
using System.Collections.Generic;
using System.Linq;
using System.Linq.Expressions;
using System.Runtime.CompilerServices;
using System.Threading;
using System.Threading.Tasks;

namespace Shapes;

/// <summary>Each class is one way in which C# calls code without a plain call. What has three digits in it is what the
/// test changes.</summary>
public static class Operators
{
    public readonly record struct Money(double Amount)
    {
        public static Money operator +(Money one, Money other) => new(one.Amount + other.Amount + 101);

        public static implicit operator double(Money money) => money.Amount + 102;
    }

    public static double Value() => new Money(1) + new Money(2);
}

public static class Indexers
{
    private sealed class Row
    {
        private double _set;

        public double this[int at] => at + 103 + _set;

        public double Setter
        {
            set => _set = value + 104;
        }
    }

    public static double Value() => new Row { Setter = 1 }[2];
}

public static class Events
{
    private sealed class Source
    {
        public event Action Happened
        {
            add => value += () => Count += 105;
            remove => Count += 106;
        }

        public double Count;
    }

    public static double Value()
    {
        var source = new Source();
        source.Happened += () => { };
        source.Happened -= () => { };
        return source.Count;
    }
}

public static class PatternForeach
{
    private sealed class Numbers
    {
        public Steps GetEnumerator() => default;

        public struct Steps
        {
            private int _at;

            public int Current => _at * 107;

            public bool MoveNext() => ++_at < 4;
        }
    }

    public static double Value()
    {
        var sum = 0.0;
        foreach (var number in new Numbers())
            sum += number;
        return sum;
    }
}

public static class OwnSequence
{
    private sealed class Countdown : IEnumerable<int>, IEnumerator<int>
    {
        private int _left = 108;

        public int Current => _left;

        object IEnumerator.Current => _left;

        public IEnumerator<int> GetEnumerator() => this;

        IEnumerator IEnumerable.GetEnumerator() => this;

        public bool MoveNext() => (_left -= 9) > 0;

        public void Reset() => _left = 1;

        public void Dispose()
        {
        }
    }

    public static double Value() => new Countdown().Sum();
}

public static class Disposing
{
    private static double Total { get; set; }

    private sealed class Scope : IDisposable
    {
        public void Dispose() => Total = 109;
    }

    private ref struct Span
    {
        public void Dispose() => Total += 110;
    }

    public static double Value()
    {
        using (new Scope())
        using (new Span())
            return Total;
    }
}

public static class FunctionPointers
{
    private static int Triple(int value) => value * 111;

    public static unsafe double Value()
    {
        delegate*<int, int> triple = &Triple;
        return triple(2);
    }
}

public static class Lazies
{
    private static readonly Lazy<double> Slow = new(() => Compute(2));

    private static double Compute(double value) => value * 112;

    public static double Value() => Slow.Value;
}

public static class ExpressionTrees
{
    private static double Helper(double value) => value * 113;

    public static double Value()
    {
        Expression<Func<double, double>> expression = value => Helper(value);
        return expression.Compile()(2);
    }
}

public static class AsyncStreams
{
    private static async IAsyncEnumerable<int> Count()
    {
        await Task.Yield();
        yield return 114;
    }

    public static double Value() => Sum().GetAwaiter().GetResult();

    private static async Task<double> Sum()
    {
        var sum = 0.0;
        await foreach (var number in Count())
            sum += number;
        return sum;
    }
}

public static class AsyncLambdas
{
    public static double Value()
    {
        Func<Task<double>> work = async () =>
        {
            await Task.Yield();
            return await Task.Run(() => 115.0);
        };
        return work().GetAwaiter().GetResult();
    }
}

public static class OwnAwaitables
{
    private sealed class Instant : INotifyCompletion
    {
        public bool IsCompleted => true;

        public Instant GetAwaiter() => this;

        public double GetResult() => 116;

        public void OnCompleted(Action continuation) => continuation();
    }

    public static double Value() => Await().GetAwaiter().GetResult();

    private static async Task<double> Await() => await new Instant();
}

public static class Deconstruction
{
    private sealed class Pair
    {
        public void Deconstruct(out double first, out double second) => (first, second) = (117, 1);
    }

    public static double Value()
    {
        var (first, second) = new Pair();
        return first + second;
    }
}

public static class CollectionExpressions
{
    [CollectionBuilder(typeof(Bags), "Create")]
    private sealed class Bag(double sum) : IEnumerable<double>
    {
        public double Sum => sum;

        public IEnumerator<double> GetEnumerator() => throw new NotSupportedException();

        IEnumerator IEnumerable.GetEnumerator() => throw new NotSupportedException();
    }

    private static class Bags
    {
        public static Bag Create(ReadOnlySpan<double> values) => new(values.Length + 118);
    }

    public static double Value()
    {
        Bag bag = [1, 2];
        return bag.Sum;
    }
}

public static class ExceptionFilters
{
    private static bool Is(Exception e) => e.Message.Length < 119;

    public static double Value()
    {
        try
        {
            throw new InvalidOperationException("text");
        }
        catch (Exception e) when (Is(e))
        {
            return 1;
        }
        finally
        {
            After();
        }
    }

    private static void After() => Thread.Sleep(TimeSpan.FromTicks(120));
}

public static class Extensions
{
    extension(double value)
    {
        public double Doubled => value * 121;

        public double Plus(double other) => value + other + 122;
    }

    public static double Value() => 2.0.Doubled + 3.0.Plus(4);
}

public static class StaticDelegates
{
    private static class Table
    {
        public static readonly Dictionary<string, Func<double, double>> Functions = new()
        {
            ["square"] = value => value * value + 123,
        };
    }

    public static double Value() => Table.Functions["square"](2);
}

public static class QuerySyntax
{
    public static double Value() => (
        from number in Enumerable.Range(0, 4)
        let square = number * number
        where square > 1
        orderby Order(square)
        select square).First();

    private static int Order(int value) => -value % 124;
}

public static class Interpolation
{
    [InterpolatedStringHandler]
    public ref struct Adding
    {
        public double Sum;

        public Adding(int literals, int holes) => Sum = literals + holes;

        public void AppendLiteral(string text) => Sum += text.Length;

        public void AppendFormatted(double value) => Sum += value * 125;
    }

    private static double Add(Adding adding) => adding.Sum;

    public static double Value() => Add($"one {1.5} two {2.5}");
}

public static class GenericStatics
{
    private static class Cache<T>
    {
        public static readonly double Size = Compute();

        private static double Compute() => typeof(T).Name.Length + 126;
    }

    public static double Value() => Cache<int>.Size;
}

public static class Threads
{
    private static double _result;

    private static void Work() => _result = 127;

    public static double Value()
    {
        var thread = new Thread(Work);
        thread.Start();
        thread.Join();
        return _result;
    }
}

public static class CheckedArithmetic
{
    public static double Value() => Sum(2_000_000_000, 128);

    private static int Sum(int one, int other) => unchecked(one + other);
}
